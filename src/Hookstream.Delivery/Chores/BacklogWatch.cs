using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Chores;

/// <summary>
/// Measures what waits, where this process is the one that does the chores. The longer that takes, the more seldom: it is to cost no
/// more than a hundredth of one connection's time, whatever the backlog.
/// </summary>
internal sealed class BacklogWatch(IStoreMaintenance maintenance, BacklogMetrics metrics, TimeProvider time, ILogger<BacklogWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private const int Share = 100;

    private readonly StoreOutage _outage = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            await MeasureAsync(stoppingToken).ConfigureAwait(false);
            var pause = time.GetElapsedTime(began) * Share;
            await Task.Delay(pause > Interval ? pause : Interval, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        metrics.Clear();
    }

    private async Task MeasureAsync(CancellationToken stopping)
    {
        try
        {
            if (await maintenance.MeasureBacklogAsync(stopping).ConfigureAwait(false) is { } backlog)
                metrics.Show(backlog);
            else
                metrics.Clear();
            _outage.Over();
        }
        catch (Exception exception)
        {
            metrics.Clear();
            if (!stopping.IsCancellationRequested && _outage.IsNews(exception))
                logger.BacklogNotMeasured(exception);
        }
    }
}
