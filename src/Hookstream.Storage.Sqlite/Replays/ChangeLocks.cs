using Hookstream.Storage.Sqlite.Queueing;

namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>
/// The deliveries that one operation changes, kept from being claimed until the change is committed or given up. Taking
/// one twice is fine, since an operation may run twice.
/// </summary>
internal sealed class ChangeLocks(LeaseTable leases)
{
    private readonly Dictionary<DeliveryId, Lease> _locks = [];

    /// <summary>False: it is being sent just now.</summary>
    public bool TryTake(DeliveryId delivery, Lane lane)
    {
        if (_locks.ContainsKey(delivery))
            return true;
        if (leases.TryLock(delivery, lane) is not { } taken)
            return false;
        _locks.Add(delivery, taken);
        return true;
    }

    public void ReleaseAll()
    {
        foreach (var taken in _locks.Values)
            leases.Release(taken);
        _locks.Clear();
    }
}
