using System.Buffers.Binary;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Queueing;

/// <summary>What the claim script answers.</summary>
/// <param name="Leases">What was claimed.</param>
/// <param name="Next">Milliseconds until something may be due; negative: nothing is known.</param>
/// <param name="TopUps">Lanes that hold too little of what waits.</param>
internal sealed record ClaimReply(IReadOnlyList<Lease> Leases, double Next, IReadOnlyList<LaneName> TopUps)
{
    private const int LeaseSize = (3 * 16) + (2 * sizeof(double)) + 4;

    /// <summary>Reads the answer; null when Redis is at another epoch.</summary>
    public static ClaimReply? Parse(RedisResult result)
    {
        if ((long)result[0] == 0)
            return null;
        var bytes = ((byte[]?)result[1]).AsSpan();
        var leases = new Lease[bytes.Length / LeaseSize];
        for (var i = 0; i < leases.Length; i++)
        {
            var item = bytes.Slice(i * LeaseSize, LeaseSize);
            leases[i] = new Lease(
                new DeliveryId(new Guid(item[..16], bigEndian: true)),
                new TenantId(new Guid(item[16..32], bigEndian: true)),
                new SubscriberId(new Guid(item[34..50], bigEndian: true)),
                (long)BinaryPrimitives.ReadDoubleLittleEndian(item[50..]),
                (long)BinaryPrimitives.ReadDoubleLittleEndian(item[58..]),
                item[66],
                IsProbe: item[67] == 1,
                IsRetry: LaneClass.IsRetry(item[32]));
        }

        var lanes = result[3];
        var topUps = lanes.Length <= 0 ? [] : new LaneName[lanes.Length];
        for (var i = 0; i < topUps.Length; i++)
            topUps[i] = new LaneName((byte[])lanes[i]!);
        return new ClaimReply(leases, (long)result[2], topUps);
    }
}
