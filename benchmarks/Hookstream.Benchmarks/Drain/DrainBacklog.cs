using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks.Drain;

/// <summary>
/// Some endpoints of the receiver that share an event type, whose backlog is built up and let go again and again.
/// </summary>
internal sealed class DrainBacklog
{
    private readonly ServerApi _api;
    private readonly ReceiverClient _counts;
    private readonly string _type;
    private readonly string[] _subscribers;
    private readonly List<DrainRound> _rounds = [];

    private DrainBacklog(ServerApi api, ReceiverClient counts, string type, string[] subscribers)
    {
        _api = api;
        _counts = counts;
        _type = type;
        _subscribers = subscribers;
    }

    public IReadOnlyList<DrainRound> Rounds => _rounds;

    public IEnumerable<double> Rates => _rounds.Select(round => round.Received.Rate);

    public static async Task<DrainBacklog> CreateAsync(
        ServerApi api,
        ReceiverClient counts,
        Uri receiver,
        int endpoints,
        CancellationToken cancellationToken)
    {
        var type = $"drain.to_{endpoints}";
        var subscribers = new string[endpoints];
        for (var i = 0; i < endpoints; i++)
        {
            var url = new Uri(receiver, $"{ReceiverHost.HookPath}/{endpoints}/{i}");
            subscribers[i] = await api.CreateSubscriberAsync(url, type, cancellationToken);
        }

        return new DrainBacklog(api, counts, type, subscribers);
    }

    /// <summary>
    /// Pauses, preloads, resumes, and waits for the last receipt and then for its record in the store.
    /// </summary>
    public async Task<DrainRound> DrainAsync(int deliveries, CancellationToken cancellationToken)
    {
        foreach (var subscriber in _subscribers)
            await _api.PauseAsync(subscriber, cancellationToken);
        await _api.PreloadAsync(_type, deliveries / _subscribers.Length, _subscribers.Length, cancellationToken);
        await _counts.ResetAsync(cancellationToken);

        var resumed = TimeProvider.System.GetTimestamp();
        foreach (var subscriber in _subscribers)
            await _api.ResumeAsync(subscriber, cancellationToken);
        var received = await _counts.WaitForAsync(deliveries, cancellationToken);
        foreach (var subscriber in _subscribers)
            await _api.WaitUntilSettledAsync(subscriber, cancellationToken);

        received = await _counts.CountsAsync(cancellationToken);
        if (received.Count != deliveries)
            throw new BenchmarkException($"{deliveries} deliveries arrived {received.Count} times");
        return new DrainRound(received, TimeProvider.System.GetElapsedTime(resumed, received.First));
    }

    public async Task MeasureAsync(int deliveries, CancellationToken cancellationToken)
    {
        var round = await DrainAsync(deliveries, cancellationToken);
        _rounds.Add(round);
        BenchmarkRun.Say(
            $"  server, {_subscribers.Length} endpoint(s): {round.Received.Rate:n0} sends/s, " +
            $"first after {round.ResumeToFirst.TotalMilliseconds:n0} ms");
    }
}
