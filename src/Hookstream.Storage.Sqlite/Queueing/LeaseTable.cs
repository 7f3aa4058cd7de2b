namespace Hookstream.Storage.Sqlite.Queueing;

/// <summary>
/// The leases that are out. In memory: the data directory is locked to this process, so they end with it, and a start
/// finds everything unfinished unleased. Guarded by the lock of <see cref="LaneSet"/>.
/// </summary>
internal sealed class LeaseTable(LaneSet lanes, TimeProvider time)
{
    private readonly Dictionary<DeliveryId, LeaseEntry> _leases = [];

    // Released while a claim reads: that claim's snapshot may be older than what released them.
    private readonly HashSet<DeliveryId> _releasedMeanwhile = [];
    private bool _claiming;
    private long _lastToken;
    private long _earliestExpiry = Lane.Never;

    /// <summary>When the first lease runs out, milliseconds; at the latest.</summary>
    public long EarliestExpiry
    {
        get
        {
            lock (lanes.Gate)
                return _earliestExpiry;
        }
    }

    public long NextToken() => ++_lastToken;

    /// <summary>A claim begins to read. Leases that have run out are due again.</summary>
    public void BeginClaim(long now)
    {
        _claiming = true;
        if (_earliestExpiry > now)
            return;
        _earliestExpiry = Lane.Never;
        foreach (var entry in _leases.Values)
        {
            if (entry.ExpiresAt > now)
            {
                _earliestExpiry = Math.Min(_earliestExpiry, entry.ExpiresAt);
            }
            else if (!entry.ExpirySignalled)
            {
                entry.ExpirySignalled = true;
                lanes.Signal(entry.Lane, entry.Class, entry.Due);
            }
        }
    }

    public void EndClaim()
    {
        _claiming = false;
        _releasedMeanwhile.Clear();
    }

    /// <summary>Whether a delivery that a claim has read may be leased.</summary>
    public Claimability Look(DeliveryId delivery, long now) =>
        _leases.TryGetValue(delivery, out var entry) && entry.ExpiresAt > now
            ? entry.ForChange ? Claimability.ReadAgain : Claimability.Leased
        : _releasedMeanwhile.Contains(delivery) ? Claimability.ReadAgain
        : Claimability.Free;

    /// <summary>Hands out a lease, taking over one that has run out.</summary>
    public void Grant(LeaseEntry entry)
    {
        if (_leases.TryGetValue(entry.Lease.Delivery, out var before))
        {
            before.Lane.Leased--;
            entry.LostLeases = before.ForChange ? before.LostLeases : before.LostLeases + 1;
        }

        _leases[entry.Lease.Delivery] = entry;
        entry.Lane.Leased++;
        _earliestExpiry = Math.Min(_earliestExpiry, entry.ExpiresAt);
    }

    /// <summary>The entry of a lease that has not been taken over or released; null when it is lost.</summary>
    public LeaseEntry? Find(Lease lease)
    {
        lock (lanes.Gate)
            return _leases.TryGetValue(lease.Delivery, out var entry) && entry.Lease.Token == lease.Token ? entry : null;
    }

    /// <summary>True when someone is sending this delivery now, or changing it.</summary>
    public bool IsLeased(DeliveryId delivery)
    {
        lock (lanes.Gate)
            return _leases.TryGetValue(delivery, out var entry) && entry.ExpiresAt > time.NowMilliseconds();
    }

    /// <summary>
    /// Keeps claims away from a delivery that is about to be changed, until the lock is released like a lease.
    /// </summary>
    /// <returns>Null when the delivery is leased.</returns>
    public Lease? TryLock(DeliveryId delivery, Lane lane)
    {
        lock (lanes.Gate)
        {
            if (IsLeased(delivery))
                return null;
            // The change may come to nothing: then it is due again, as after any lease that has run out.
            if (_leases.TryGetValue(delivery, out var lapsed))
                lanes.Signal(lapsed.Lane, lapsed.Class, lapsed.Due);
            var entry = LeaseEntry.OfChange(new Lease(delivery, default, default, -1, NextToken()), lane);
            Grant(entry);
            return entry.Lease;
        }
    }

    /// <summary>Gives a lease back.</summary>
    /// <returns>Its entry; null when it had been lost.</returns>
    public LeaseEntry? Release(Lease lease)
    {
        lock (lanes.Gate)
        {
            if (!_leases.TryGetValue(lease.Delivery, out var entry) || entry.Lease.Token != lease.Token)
                return null;
            Remove(entry);
            return entry;
        }
    }

    /// <summary>Lengthens a lease; false when it is lost.</summary>
    public bool Renew(Lease lease, long expiresAt)
    {
        lock (lanes.Gate)
        {
            if (!_leases.TryGetValue(lease.Delivery, out var entry) || entry.Lease.Token != lease.Token)
                return false;
            entry.ExpiresAt = expiresAt;
            entry.ExpirySignalled = false;
            return true;
        }
    }

    private void Remove(LeaseEntry entry)
    {
        _leases.Remove(entry.Lease.Delivery);
        entry.Lane.Leased--;
        if (_claiming)
            _releasedMeanwhile.Add(entry.Lease.Delivery);
    }
}
