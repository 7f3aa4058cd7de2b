using System.Collections.Concurrent;

namespace Hookstream.Core.Catalogs;

/// <summary>
/// The subscribers of a tenant at one version: immutable, shared, read without locks. Remembers what each event type
/// matched, up to a bound.
/// </summary>
internal sealed class TenantSubscribers(long version, IReadOnlyList<SubscriberEntry> entries)
{
    public static readonly TenantSubscribers None = new(0, []);

    private const int MaxRememberedTypes = 4_096;

    private readonly ConcurrentDictionary<EventType, SubscriberEntry[]> _matches = new();

    /// <summary>Moves on with every change; an append made with an older one is matched again.</summary>
    public long Version => version;

    public IReadOnlyList<SubscriberEntry> Entries => entries;

    public SubscriberEntry[] Match(EventType type)
    {
        if (_matches.TryGetValue(type, out var known))
            return known;
        var matched = entries.Where(entry => entry.TakesEvents && entry.Subscriber.Settings.Wants(type)).ToArray();
        if (_matches.Count < MaxRememberedTypes)
            _matches.TryAdd(type, matched);
        return matched;
    }
}
