using System.Buffers.Binary;

namespace Hookstream.Queue.Redis.Queueing;

/// <summary>
/// Looks up in the store what workers gave back twice: Redis may have been told late, or read a page of the store that was out
/// of date when it arrived, so that it holds a delivery that waits no more, or waits at another version.
/// </summary>
internal sealed class GhostCheck(QueueCommands commands, IQueueSource source)
{
    public async Task CheckAsync(
        IReadOnlyList<DeliveryId> suspects, IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        var versions = leases.ToDictionary(lease => lease.Delivery, lease => lease.Version);
        foreach (var id in suspects)
        {
            var found = await source.ReadUnfinishedAsync(Before(id), 1, cancellation).ConfigureAwait(false);
            if (found is [var row] && row.Id == id)
                await commands.EnqueueAsync([row]).ConfigureAwait(false);
            else
                await commands.RemoveAsync([(id, versions[id])]).ConfigureAwait(false);
        }
    }

    /// <summary>The id before this one, in the order in which ids sort.</summary>
    public static DeliveryId Before(DeliveryId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, BinaryPrimitives.ReadUInt128BigEndian(bytes) - 1);
        return new DeliveryId(new Guid(bytes, bigEndian: true));
    }
}
