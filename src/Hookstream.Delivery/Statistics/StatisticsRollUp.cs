using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Statistics;

/// <summary>Has the store make hours of minutes, every minute.</summary>
internal sealed class StatisticsRollUp(IStoreMaintenance maintenance, TimeProvider time, ILogger<StatisticsRollUp> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenChunks = TimeSpan.FromMilliseconds(100);

    private readonly StoreOutage _outage = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await maintenance.RollUpStatisticsAsync(stoppingToken).ConfigureAwait(false);
                _outage.Over();
            }
            catch (Exception exception)
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                if (_outage.IsNews(exception))
                    logger.RollUpFailed(exception);
            }

            await Task.Delay(more ? BetweenChunks : Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
