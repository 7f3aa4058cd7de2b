namespace Hookstream.Core.Catalogs;

/// <summary>An event on its way into the store, with all that can be worked out before the writer's turn.</summary>
internal sealed class PreparedAppend
{
    private readonly SubscriberId? _except;

    public PreparedAppend(
        NewEvent appended, long tenantNo, TenantSubscribers subscribers, DateTimeOffset now, SubscriberId? except = null)
    {
        _except = except;
        Event = appended;
        TenantNo = tenantNo;
        Now = now;
        Id = EventId.New(now);
        MatchedVersion = subscribers.Version;
        Matched = Match(subscribers);
        ContentHash = appended.IdempotencyKey is null ? null : Events.ContentHash.Of(appended);
    }

    public NewEvent Event { get; }

    public long TenantNo { get; }

    public DateTimeOffset Now { get; }

    public EventId Id { get; }

    public byte[]? ContentHash { get; }

    /// <summary>The version of the subscribers that it was matched against.</summary>
    public long MatchedVersion { get; private set; }

    public SubscriberEntry[] Matched { get; private set; }

    public AppendResult Result { get; set; }

    /// <summary>Matches again if the tenant's subscribers have changed since.</summary>
    public void MatchAgain(SubscriberCatalog catalog)
    {
        var current = catalog.Of(TenantNo);
        if (current.Version == MatchedVersion)
            return;
        MatchedVersion = current.Version;
        Matched = Match(current);
    }

    private SubscriberEntry[] Match(TenantSubscribers subscribers)
    {
        var matched = subscribers.Match(Event.Type);
        return _except is null ? matched : [.. matched.Where(entry => entry.Id != _except)];
    }
}
