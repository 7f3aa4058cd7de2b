namespace Hookstream.Storage.Postgres.Subscribers;

/// <summary>A subscriber as its row has it.</summary>
internal sealed record SubscriberRow(long No, long TenantNo, EndpointSnapshot Snapshot, bool Cancelling)
{
    public Subscriber Subscriber => Snapshot.Subscriber;
}
