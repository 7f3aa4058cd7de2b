using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Hookstream.Core.Catalogs;

/// <summary>
/// All tenants and live keys, in memory. Written by the writer's thread after each commit, read by everyone.
/// </summary>
internal sealed class TenantCatalog
{
    private readonly ConcurrentDictionary<TenantId, TenantEntry> _byId = new();
    private readonly ConcurrentDictionary<string, TenantId> _byExternalId = new();
    private readonly ConcurrentDictionary<KeyHash, KeyEntry> _keys = new();

    public int Count => _byId.Count;

    public IEnumerable<TenantEntry> All => _byId.Values;

    public bool TryGet(TenantId id, [NotNullWhen(true)] out TenantEntry? entry) => _byId.TryGetValue(id, out entry);

    public bool TryGet(string externalId, [NotNullWhen(true)] out TenantEntry? entry)
    {
        entry = null;
        return _byExternalId.TryGetValue(externalId, out var id) && _byId.TryGetValue(id, out entry);
    }

    public bool TryGet(KeyHash hash, [NotNullWhen(true)] out KeyEntry? key) => _keys.TryGetValue(hash, out key);

    public void Set(TenantEntry entry)
    {
        if (_byId.TryGetValue(entry.Tenant.Id, out var before) && before.Tenant.ExternalId is { } old)
            _byExternalId.TryRemove(old, out _);
        _byId[entry.Tenant.Id] = entry;
        if (entry.Tenant.ExternalId is { } externalId)
            _byExternalId[externalId] = entry.Tenant.Id;
        foreach (var key in KeysOf(entry.Tenant.Id))
            key.Value.Principal = key.Value.Principal with { Tenant = entry.Tenant };
    }

    public void Remove(TenantId id)
    {
        if (_byId.TryRemove(id, out var entry) && entry.Tenant.ExternalId is { } externalId)
            _byExternalId.TryRemove(externalId, out _);
        foreach (var key in KeysOf(id))
            _keys.TryRemove(key.Key, out _);
    }

    public void SetKey(KeyHash hash, Principal principal) => _keys[hash] = new KeyEntry(principal);

    /// <summary>Makes these the tenant's keys; others of it stop working.</summary>
    public void SetKeys(Tenant tenant, IReadOnlyDictionary<KeyHash, ApiKey> keys)
    {
        foreach (var known in KeysOf(tenant.Id))
        {
            if (!keys.ContainsKey(known.Key))
                _keys.TryRemove(known.Key, out _);
        }

        foreach (var (hash, key) in keys)
        {
            if (_keys.TryGetValue(hash, out var known))
                known.Principal = new Principal(tenant, key);
            else
                SetKey(hash, new Principal(tenant, key));
        }
    }

    public void RemoveKey(ApiKeyId id)
    {
        foreach (var key in _keys)
        {
            if (key.Value.Principal.Key.Id == id)
                _keys.TryRemove(key.Key, out _);
        }
    }

    private IEnumerable<KeyValuePair<KeyHash, KeyEntry>> KeysOf(TenantId tenant) =>
        _keys.Where(key => key.Value.Principal.Tenant.Id == tenant);
}
