using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Hookstream.Queue.Redis.Queueing;

/// <summary>Reads more of a lane from the store when Redis holds only the first part of it, and little of that is left.</summary>
internal sealed class LaneTopUp(QueueCommands commands, IQueueSource source, ILogger logger)
{
    // What does not fit is asked for again by a later claim.
    private readonly Channel<LaneName> _lanes = Channel.CreateBounded<LaneName>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Add(IReadOnlyList<LaneName> lanes)
    {
        foreach (var lane in lanes)
            _lanes.Writer.TryWrite(lane);
    }

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failing = false;
        await foreach (var lane in _lanes.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            try
            {
                await TopUpAsync(lane, cancellation).ConfigureAwait(false);
                failing = false;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                // A claim asks for it again when nobody has done it for 10 s.
                if (!failing)
                    Log.TopUpFailed(logger, exception);
                failing = true;
            }
        }
    }

    private async Task TopUpAsync(LaneName lane, CancellationToken cancellation)
    {
        if (await commands.BeginTopUpAsync(lane).ConfigureAwait(false) is not { } begun)
            return;
        var rows = await source.ReadLaneAsync(lane.Subscriber, lane.Class, begun.After, begun.Limit, cancellation)
            .ConfigureAwait(false);
        await commands.EnqueueAsync(rows, ReadFrom.Lane).ConfigureAwait(false);
        LanePosition? end = rows.Count < begun.Limit
            ? null
            : new LanePosition(rows[^1].Due.ToUnixTimeMilliseconds(), rows[^1].Id.Value);
        await commands.EndTopUpAsync(lane, end).ConfigureAwait(false);
    }
}
