using Hookstream.Delivery.Settling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Chores;

/// <summary>Does the store's chores: what was accepted to run in the background, and retention.</summary>
internal sealed class ChoreWorker(
    IStoreMaintenance maintenance, SettleMetrics metrics, DeliveryOptions options, TimeProvider time, ILogger<ChoreWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan BacklogInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FailureInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetention = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromSeconds(30);

    private readonly StoreOutage _outage = new();
    private readonly StoreOutage _expiryOutage = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RunBacklogAsync(stoppingToken), RemoveExpiredAsync(stoppingToken), ExpireAsync(stoppingToken));

    private async Task RunBacklogAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var more = await maintenance.RunBacklogAsync(stopping).ConfigureAwait(false);
                _outage.Over();
                if (!more)
                    await PauseAsync(BacklogInterval, stopping).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                if (stopping.IsCancellationRequested)
                    return;
                if (_outage.IsNews(exception))
                    logger.BacklogFailed(exception);
                await PauseAsync(FailureInterval, stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task RemoveExpiredAsync(CancellationToken stopping)
    {
        await PauseAsync(FirstRetention, stopping).ConfigureAwait(false);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var removed = await maintenance
                    .RemoveExpiredAsync(TimeSpan.FromDays(options.RetentionDays), stopping).ConfigureAwait(false);
                if (removed > 0)
                    logger.Removed(removed, options.RetentionDays);
            }
            catch (Exception exception)
            {
                if (stopping.IsCancellationRequested)
                    return;
                logger.RetentionFailed(exception);
            }

            await PauseAsync(RetentionInterval, stopping).ConfigureAwait(false);
        }
    }

    // Behind an open circuit nothing is claimed, so nobody would find it too old; behind a rate limit, only at the limit's pace.
    private async Task ExpireAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var expired = 0;
            try
            {
                expired = await maintenance.ExpireAsync(options.MaxAge, stopping).ConfigureAwait(false);
                metrics.DeadLettered(expired);
                if (expired > 0)
                    logger.Expired(expired);
                _expiryOutage.Over();
            }
            catch (Exception exception)
            {
                if (stopping.IsCancellationRequested)
                    return;
                if (_expiryOutage.IsNews(exception))
                    logger.ExpiryFailed(exception);
            }

            await PauseAsync(expired > 0 ? BacklogInterval : ExpiryInterval, stopping).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(TimeSpan duration, CancellationToken stopping) =>
        await Task.Delay(duration, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
