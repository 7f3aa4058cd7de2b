using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Hookstream.Core.Catalogs;

/// <summary>
/// All live subscribers, in memory. Written by the writer's thread after each commit, read by everyone.
/// </summary>
internal sealed class SubscriberCatalog
{
    private readonly ConcurrentDictionary<SubscriberId, SubscriberEntry> _byId = new();
    private readonly ConcurrentDictionary<long, SubscriberEntry> _byNo = new();
    private readonly ConcurrentDictionary<long, TenantSubscribers> _byTenant = new();

    public int Count => _byId.Count;

    public IEnumerable<SubscriberEntry> All => _byId.Select(known => known.Value);

    /// <summary>Those whose deliveries may wait long although nobody has shut their gate: an open circuit, a rate limit.</summary>
    public IEnumerable<SubscriberEntry> HeldBack() => All.Where(entry =>
        entry.Subscriber.Gate.Circuit.IsOpen || entry.Subscriber.Settings.RateLimitPerSecond is not null);

    public TenantSubscribers Of(long tenantNo) => _byTenant.GetValueOrDefault(tenantNo, TenantSubscribers.None);

    public bool TryGet(long no, [NotNullWhen(true)] out SubscriberEntry? entry) => _byNo.TryGetValue(no, out entry);

    public bool TryGet(SubscriberId id, [NotNullWhen(true)] out SubscriberEntry? entry) => _byId.TryGetValue(id, out entry);

    public bool TryGet(TenantId tenant, SubscriberId id, [NotNullWhen(true)] out SubscriberEntry? entry)
    {
        if (_byId.TryGetValue(id, out entry) && entry.Subscriber.Tenant == tenant)
            return true;
        entry = null;
        return false;
    }

    /// <summary>The snapshot of an endpoint whose gate is open at <paramref name="now"/>; null: shut, or none.</summary>
    public EndpointSnapshot? FindOpen(TenantId tenant, SubscriberId id, DateTimeOffset now) =>
        TryGet(tenant, id, out var entry) && entry.IsOpen(now) ? entry.Snapshot : null;

    public void Add(SubscriberEntry entry)
    {
        _byId[entry.Id] = entry;
        _byNo[entry.No] = entry;
        Renew(entry.TenantNo, before => [.. before, entry]);
    }

    /// <summary>Adds many of one tenant at once, when opening.</summary>
    public void Load(long tenantNo, IReadOnlyList<SubscriberEntry> entries)
    {
        foreach (var entry in entries)
        {
            _byId[entry.Id] = entry;
            _byNo[entry.No] = entry;
        }

        Renew(tenantNo, _ => entries);
    }

    /// <summary>
    /// Makes these the tenant's subscribers, as a store has them at a version of its own; those that are not among them are
    /// gone.
    /// </summary>
    /// <returns>Those that have gone.</returns>
    public IReadOnlyList<SubscriberEntry> Replace(long tenantNo, long version, IReadOnlyList<SubscriberEntry> entries)
    {
        var gone = Of(tenantNo).Entries.Except(entries).ToList();
        foreach (var entry in gone)
        {
            entry.Deleted = true;
            _byId.TryRemove(entry.Id, out _);
            _byNo.TryRemove(entry.No, out _);
        }

        foreach (var entry in entries)
        {
            _byId[entry.Id] = entry;
            _byNo[entry.No] = entry;
        }

        _byTenant[tenantNo] = new TenantSubscribers(version, entries);
        return gone;
    }

    /// <summary>Publishes a changed snapshot.</summary>
    public void Change(SubscriberEntry entry, EndpointSnapshot snapshot)
    {
        entry.Snapshot = snapshot;
        Renew(entry.TenantNo, before => before);
    }

    public void Remove(SubscriberEntry entry)
    {
        entry.Deleted = true;
        _byId.TryRemove(entry.Id, out _);
        _byNo.TryRemove(entry.No, out _);
        Renew(entry.TenantNo, before => [.. before.Where(other => other != entry)]);
    }

    private void Renew(long tenantNo, Func<IReadOnlyList<SubscriberEntry>, IReadOnlyList<SubscriberEntry>> change)
    {
        var before = Of(tenantNo);
        _byTenant[tenantNo] = new TenantSubscribers(before.Version + 1, change(before.Entries));
    }
}
