using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Challenges;

/// <summary>Sends the challenges that are due, in the background.</summary>
internal sealed class ChallengeWorker(
    EndpointProbe probe,
    ISubscriberStore subscribers,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<ChallengeWorker> logger)
    : BackgroundService
{
    private const int Concurrency = 64;

    // A person who has just registered an endpoint watches for this.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FailureInterval = TimeSpan.FromSeconds(5);

    // Longer than the longest request; when it is over, another worker sends what this one has not.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan ReturnDeadline = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<SubscriberId, Task> _underWay = new();
    private readonly StoreOutage _outage = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = PollInterval;
            try
            {
                await StartDueAsync(stoppingToken).ConfigureAwait(false);
                _outage.Over();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (_outage.IsNews(exception))
                    logger.ListingFailed(exception);
                pause = FailureInterval;
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_underWay.Values).ConfigureAwait(false);
    }

    private async Task StartDueAsync(CancellationToken stopping)
    {
        var free = Concurrency - _underWay.Count;
        if (free <= 0)
            return;
        var due = await subscribers.TakeChallengesAsync(free, Hold, stopping).ConfigureAwait(false);
        foreach (var challenge in due)
        {
            var id = challenge.Endpoint.Id;
            if (_underWay.ContainsKey(id))
            {
                // A new URL makes it due while the old one is still being asked: it is the next one's turn after that.
                await subscribers.ReturnChallengeAsync(challenge, stopping).ConfigureAwait(false);
                continue;
            }

            var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _underWay[id] = sending.Task;
            _ = ChallengeAsync(challenge, sending, stopping);
        }
    }

    private async Task ChallengeAsync(DueChallenge challenge, TaskCompletionSource sending, CancellationToken stopping)
    {
        try
        {
            var result = await probe.SendChallengeAsync(challenge.Endpoint, stopping).ConfigureAwait(false);
            var retryIn = result.Verified ? null : ChallengeSchedule.RetryIn(challenge, options.Now(time));
            var recorded = await probe.RecordAsync(challenge.Endpoint, result.Verified, challenge.Failures, retryIn, stopping).ConfigureAwait(false);
            if (recorded is not null && recorded.Settings.Url != challenge.Endpoint.Subscriber.Settings.Url)
                await subscribers.ReturnChallengeAsync(challenge, stopping).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (stopping.IsCancellationRequested)
                await ReturnAsync(challenge).ConfigureAwait(false);
            else
                logger.RecordingFailed(challenge.Endpoint.Id, exception);
        }
        finally
        {
            _underWay.TryRemove(challenge.Endpoint.Id, out _);
            sending.SetResult();
        }
    }

    // So that the others need not wait for the end of the hold.
    private async Task ReturnAsync(DueChallenge challenge)
    {
        using var deadline = new CancellationTokenSource(ReturnDeadline, time);
        try
        {
            await subscribers.ReturnChallengeAsync(challenge, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.ReturningFailed(challenge.Endpoint.Id, exception);
        }
    }
}
