namespace Hookstream.Queue.Redis.Sweeping;

/// <summary>
/// One pass over everything unfinished in the store, page by page: enters what Redis does not have, and takes out what was not
/// seen on the way.
/// </summary>
internal sealed class StorePass
{
    private const int PageSize = 1_000;

    private readonly QueueCommands _commands;
    private readonly IQueueSource _source;
    private readonly SweepMetrics _metrics;
    private readonly long _generation;
    private DeliveryId? _after;

    private StorePass(QueueCommands commands, IQueueSource source, SweepMetrics metrics, long generation)
    {
        _metrics = metrics;
        _commands = commands;
        _source = source;
        _generation = generation;
    }

    public long Pages { get; private set; }

    public long Deliveries { get; private set; }

    public long Removed { get; private set; }

    /// <summary>Begins a pass, by telling Redis every gate again.</summary>
    public static async Task<StorePass> BeginAsync(
        QueueCommands commands, IQueueSource source, SweepMetrics metrics, CancellationToken cancellation)
    {
        await commands.HoldAsync(await source.ReadHoldsAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return new StorePass(commands, source, metrics, await commands.NextGenerationAsync().ConfigureAwait(false));
    }

    /// <summary>Reads the next page.</summary>
    /// <returns>False when it was the last.</returns>
    public async Task<bool> ReadPageAsync(CancellationToken cancellation)
    {
        var page = await _source.ReadUnfinishedAsync(_after, PageSize, cancellation).ConfigureAwait(false);
        _metrics.Found(await _commands.EnqueueAsync(page, ReadFrom.Store).ConfigureAwait(false));
        Pages++;
        Deliveries += page.Count;
        if (page.Count == PageSize)
        {
            _after = page[^1].Id;
            return true;
        }

        await PurgeAsync(cancellation).ConfigureAwait(false);
        return false;
    }

    private async Task PurgeAsync(CancellationToken cancellation)
    {
        var cursor = "0";
        do
        {
            cancellation.ThrowIfCancellationRequested();
            (cursor, var removed) = await _commands.PurgeAsync(cursor, _generation).ConfigureAwait(false);
            Removed += removed;
        }
        while (cursor != "0");
        _metrics.PassEnded(Removed);
    }
}
