using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Receivers;

/// <summary>One path of the receiver: what it does, and what it got. Challenges are answered and kept apart.</summary>
internal sealed class Endpoint(Uri url)
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly List<ReceivedRequest> _challenges = [];
    private Reply[] _script = [Reply.Ok];
    private Func<ReceivedRequest, Reply>? _decide;
    private int _next;
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Url { get; } = url;

    /// <summary>False: challenges are answered with 200 and without the challenge.</summary>
    public bool AnswersChallenge { get; set; } = true;

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public IReadOnlyList<ReceivedRequest> Challenges
    {
        get
        {
            lock (_lock)
                return [.. _challenges];
        }
    }

    /// <summary>The first request from now on gets the first reply, and so on; the last one is for all that follow.</summary>
    public Endpoint Replies(params Reply[] script)
    {
        lock (_lock)
        {
            _script = script;
            _next = 0;
            _decide = null;
        }

        return this;
    }

    /// <summary>Looks at each request from now on, one at a time, in the order in which they come.</summary>
    public Endpoint Decides(Func<ReceivedRequest, Reply> decide)
    {
        lock (_lock)
            _decide = decide;
        return this;
    }

    public Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(int count) =>
        WaitForAsync(requests => requests.Count >= count, $"{count} requests");

    public async Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(
        Func<IReadOnlyList<ReceivedRequest>, bool> enough, string expectation)
    {
        using var timeout = new CancellationTokenSource(Patience.Limit);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token, TestContext.Current.CancellationToken);
        while (true)
        {
            Task arrival;
            lock (_lock)
                arrival = _arrival.Task;
            var requests = Requests;
            if (enough(requests))
                return requests;
            try
            {
                await arrival.WaitAsync(cancelled.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"waited for {expectation} at {Url}, got {Requests.Count} requests");
            }
        }
    }

    public async Task WaitForChallengeAsync() =>
        await Eventually.TrueAsync(() => Task.FromResult(Challenges.Count > 0), () => $"a challenge at {Url}");

    public Reply Take(ReceivedRequest request)
    {
        lock (_lock)
        {
            _requests.Add(request);
            var arrival = _arrival;
            _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival.SetResult();
            return _decide?.Invoke(request) ?? _script[Math.Min(_next++, _script.Length - 1)];
        }
    }

    public void TakeChallenge(ReceivedRequest request)
    {
        lock (_lock)
            _challenges.Add(request);
    }
}
