using Hookstream.Core.Lanes;

namespace Hookstream.Core.Catalogs;

/// <summary>A subscriber in memory: its current snapshot, its lane in the queue, and its number in the tables.</summary>
internal sealed class SubscriberEntry
{
    private readonly Lock _changing = new();
    private volatile EndpointSnapshot _snapshot;
    private volatile bool _cancelling;
    private volatile bool _deleted;

    public SubscriberEntry(long no, long tenantNo, EndpointSnapshot snapshot, bool cancelling)
    {
        No = no;
        TenantNo = tenantNo;
        _snapshot = snapshot;
        _cancelling = cancelling;
        Lane = new Lane(this);
    }

    public long No { get; }

    public long TenantNo { get; }

    public Lane Lane { get; }

    public EndpointSnapshot Snapshot
    {
        get => _snapshot;
        set => _snapshot = value;
    }

    /// <summary>True while deliveries that were pending when it was disabled are being cancelled.</summary>
    public bool Cancelling
    {
        get => _cancelling;
        set => _cancelling = value;
    }

    public bool Deleted
    {
        get => _deleted;
        set => _deleted = value;
    }

    public SubscriberId Id => Snapshot.Id;

    public Subscriber Subscriber => Snapshot.Subscriber;

    /// <summary>Replaces the snapshot by one made of it; several who do so take turns.</summary>
    public void Change(Func<EndpointSnapshot, EndpointSnapshot> change)
    {
        lock (_changing)
            _snapshot = change(_snapshot);
    }

    /// <summary>True when deliveries may be claimed.</summary>
    public bool IsOpen(DateTimeOffset now) => !Deleted && !Cancelling && Subscriber.Gate.IsOpen(now);

    /// <summary>True when new events are matched against it.</summary>
    public bool TakesEvents => !Deleted && Subscriber.Gate.DisabledReason is null;
}
