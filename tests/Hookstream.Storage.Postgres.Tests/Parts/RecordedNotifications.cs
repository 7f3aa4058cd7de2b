using System.Collections.Concurrent;
using Hookstream.Storage.Postgres.Queueing;

namespace Hookstream.Storage.Postgres.Tests.Parts;

/// <summary>What other nodes would have been told.</summary>
internal sealed class RecordedNotifications : INotifier
{
    public ConcurrentQueue<long> Catalogs { get; } = new();

    public ConcurrentQueue<(long SubscriberNo, int Class)> Lanes { get; } = new();

    public void CatalogChanged(long tenantNo) => Catalogs.Enqueue(tenantNo);

    public void LaneDue(long subscriberNo, int laneClass, long due) => Lanes.Enqueue((subscriberNo, laneClass));
}
