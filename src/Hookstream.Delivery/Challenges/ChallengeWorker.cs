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

    private readonly ConcurrentDictionary<SubscriberId, Task> _underWay = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = PollInterval;
            try
            {
                await StartDueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
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
        // Those under way are still due: without room for them they would hide the others.
        var due = await subscribers.DueChallengesAsync(Concurrency + free, stopping).ConfigureAwait(false);
        foreach (var challenge in due)
        {
            var id = challenge.Endpoint.Id;
            if (free == 0 || _underWay.ContainsKey(id))
                continue;
            free--;
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
            await probe.RecordAsync(challenge.Endpoint, result.Verified, retryIn, stopping).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!stopping.IsCancellationRequested)
            {
                logger.RecordingFailed(challenge.Endpoint.Id, exception);
                await Task.Delay(FailureInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _underWay.TryRemove(challenge.Endpoint.Id, out _);
            sending.SetResult();
        }
    }
}
