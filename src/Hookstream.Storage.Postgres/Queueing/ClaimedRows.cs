using System.Collections.Concurrent;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>
/// What claims of this process have read and nobody has loaded yet: it came with the claim, so that loading need not ask
/// again. Bounded by the slots of the claims.
/// </summary>
internal sealed class ClaimedRows(TimeProvider time)
{
    // Shorter than any lease: nobody else can have moved it on.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<DeliveryId, (ClaimedRow Row, long At)> _rows = new();

    public void Add(ClaimedRow row) => _rows[row.Id] = (row, time.GetTimestamp());

    /// <summary>Gives a row out, once; null when it is not this lease's, or not of just now.</summary>
    public ClaimedRow? Take(Lease lease) =>
        _rows.TryRemove(lease.Delivery, out var claimed)
        && claimed.Row.Version == lease.Version
        && time.GetElapsedTime(claimed.At) < Fresh
            ? claimed.Row
            : null;

    /// <summary>Nobody will ask for it.</summary>
    public void Forget(Lease lease) => _rows.TryRemove(lease.Delivery, out _);
}
