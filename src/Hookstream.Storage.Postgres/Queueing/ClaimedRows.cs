using System.Collections.Concurrent;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>
/// What claims of this process have read and nobody has loaded yet: it came with the claim, so that loading need not ask
/// again. Bounded by the slots of the claims.
/// </summary>
internal sealed class ClaimedRows
{
    private readonly ConcurrentDictionary<DeliveryId, ClaimedRow> _rows = new();

    public void Add(ClaimedRow row) => _rows[row.Id] = row;

    /// <summary>Gives a row out, once.</summary>
    public ClaimedRow? Take(Lease lease) =>
        _rows.TryRemove(lease.Delivery, out var row) && row.Version == lease.Version ? row : null;
}
