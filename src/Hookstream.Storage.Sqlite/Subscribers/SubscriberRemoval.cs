using Hookstream.Storage.Sqlite.Replays;

namespace Hookstream.Storage.Sqlite.Subscribers;

/// <summary>
/// Deletes subscribers: one row each. What they had pending reads as cancelled from then on, and is written so in chunks.
/// </summary>
internal sealed class SubscriberRemoval(
    SubscriberCatalog catalog, LaneSet lanes, CancellationBacklog backlog, TimeProvider time)
{
    private const string Delete =
        """
        update subscribers
        set deleted_at = ?2, cancelling = 1, challenge_due_at = null
        where no = ?1
        """;

    public void Remove(DatabaseConnection database, SubscriberEntry entry) =>
        database.Prepare(Delete).Bind(1, entry.No).Bind(2, time.Now()).Run();

    public void RemoveAllOf(DatabaseConnection database, long tenantNo)
    {
        foreach (var entry in catalog.Of(tenantNo).Entries)
            Remove(database, entry);
    }

    public void PublishRemoval(SubscriberEntry entry)
    {
        catalog.Remove(entry);
        lanes.GateChanged(entry.Lane);
        backlog.Add(entry);
    }

    public void PublishRemovalOf(long tenantNo)
    {
        foreach (var entry in catalog.Of(tenantNo).Entries)
            PublishRemoval(entry);
    }
}
