using Hookstream.Core.Ids;
using Microsoft.Extensions.Logging;

namespace Hookstream.Queue.Redis.Sweeping;

/// <summary>
/// Finds soon what a process has committed that was gone before it told Redis. Each says that it is there; who finds another
/// silent reads what was stored in that one's last moments. That is by the ids, which begin with the time: a part of the store
/// that does not grow with what waits. No process says good-bye, so that nothing depends on how it ended.
/// </summary>
internal sealed class NodeWatch(
    QueueCommands commands, IQueueSource source, SweepMetrics metrics, RedisQueueOptions options, TimeProvider time, ILogger logger)
{
    private const int PageSize = 1_000;

    // An id is made before its append waits for its turn and for the commit.
    private static readonly TimeSpan LongestAppend = TimeSpan.FromSeconds(30);

    private readonly Guid _self = Guid.NewGuid();
    private DateTimeOffset? _from;

    /// <summary>Says that this process is there, before it stores anything.</summary>
    public async Task BeginAsync()
    {
        try
        {
            await SayAliveAsync().ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Redis is away: it will want to be filled when it is back, whoever is gone by then.
            return;
        }
    }

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var looking = Task.FromResult<DateTimeOffset?>(null);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await SayAliveAsync().ConfigureAwait(false);
                // Beside it, so that reading long is not taken for silence.
                if (looking.IsCompleted && await looking.ConfigureAwait(false) is { } looked && looked == _from)
                    _from = null;
                if (looking.IsCompleted)
                    looking = _from is { } from ? LookAsync(from, cancellation) : Task.FromResult<DateTimeOffset?>(null);
            }
            catch (StoreUnavailableException)
            {
                // Said where it is found out; what is yet to be looked at stays noted.
                looking = looking.IsCompleted ? Task.FromResult<DateTimeOffset?>(null) : looking;
            }

            await Task.Delay(options.GoneAfter / 5, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SayAliveAsync()
    {
        var now = commands.Clock.GetUtcNow();
        if (await commands.SayAliveAsync(_self, now - _from, options.GoneAfter).ConfigureAwait(false) is { } ago)
        {
            var silent = now - ago;
            _from = _from < silent ? _from : silent;
        }
    }

    // Answers what it was given when all of it was looked at; null when it has to be done again.
    private async Task<DateTimeOffset?> LookAsync(DateTimeOffset from, CancellationToken cancellation)
    {
        var begun = commands.Clock.GetUtcNow();
        var end = TimeBounds.FirstIdAfter(begun);
        var after = new DeliveryId(TimeBounds.FirstIdAt(from - LongestAppend));
        var deliveries = 0L;
        try
        {
            while (true)
            {
                var page = await source.ReadUnfinishedAsync(after, PageSize, cancellation).ConfigureAwait(false);
                metrics.Found(await commands.EnqueueAsync(page).ConfigureAwait(false));
                deliveries += page.Count;
                if (page.Count < PageSize || page[^1].Id.Value.CompareTo(end) >= 0)
                    break;
                after = page[^1].Id;
            }

            Log.NodeGone(logger, deliveries, (begun - from).TotalSeconds);
            return from;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Log.SweepFailed(logger, exception);
            return null;
        }
    }
}
