using Hookstream.Storage.Sqlite.Deliveries;
using Hookstream.Storage.Sqlite.Queueing;

namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>Replays and cancels single deliveries, and the deliveries of one event.</summary>
internal sealed class DeliveryReplay(
    GroupCommit writer, SubscriberCatalog subscribers, LeaseTable leases, LaneSet lanes, TimeProvider time)
{
    public Task<ReplayOutcome> DeliveryAsync(TenantEntry owner, DeliveryId id) =>
        ChangeAsync(change => Find(change.Database, owner.No, id) is { } row
            ? Replay(change, owner.No, row)
            : ReplayOutcome.NotFound);

    public Task<ReplayOutcome> CancelAsync(TenantEntry owner, DeliveryId id) =>
        ChangeAsync(change =>
        {
            if (Find(change.Database, owner.No, id) is not { } row)
                return ReplayOutcome.NotFound;
            if (!subscribers.TryGet(row.SubscriberNo, out var entry))
                return ReplayOutcome.SubscriberDeleted;
            if (row.Status == DeliveryStatus.Delivered)
                return ReplayOutcome.AlreadyDelivered;
            if (!change.Locks.TryTake(id, entry.Lane))
                return ReplayOutcome.InFlight;
            if (row.Status != DeliveryStatus.Cancelled)
                ReplayRows.Cancel(change.Database, owner.No, id, change.Now, DeliveryErrors.CancelledByPerson);
            return ReplayOutcome.Accepted;
        });

    /// <summary>To everyone who had the event; who was deleted, and what is in flight, is left out.</summary>
    public Task<EventReplayResult> EventAsync(TenantEntry owner, EventId id) =>
        ChangeAsync(change => !Exists(change.Database, owner.No, id)
            ? new EventReplayResult(ReplayOutcome.NotFound, 0)
            : new EventReplayResult(
                ReplayOutcome.Accepted,
                RowsOf(change.Database, owner.No, id)
                    .Count(row => Replay(change, owner.No, row) == ReplayOutcome.Accepted)));

    /// <summary>To one subscriber, whether it had the event or not.</summary>
    public Task<EventReplayResult> EventToAsync(TenantEntry owner, EventId id, SubscriberId subscriber) =>
        ChangeAsync(change =>
        {
            if (!Exists(change.Database, owner.No, id)
                || !subscribers.TryGet(owner.Tenant.Id, subscriber, out var entry))
                return new EventReplayResult(ReplayOutcome.NotFound, 0);
            var had = RowsOf(change.Database, owner.No, id).Where(row => row.SubscriberNo == entry.No).ToList();
            var outcome = had.Count > 0
                ? Replay(change, owner.No, had[0])
                : Send(change, owner.No, id, entry);
            return new EventReplayResult(outcome, outcome == ReplayOutcome.Accepted ? 1 : 0);
        });

    private static ReplayRow? Find(DatabaseConnection database, long tenantNo, DeliveryId id) =>
        database.Prepare(ReplayRows.FindDelivery)
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Scalar<ReplayRow?>(row => ReplayRows.Read(row));

    private static List<ReplayRow> RowsOf(DatabaseConnection database, long tenantNo, EventId id) =>
        database.Prepare(ReplayRows.FindOfEvent).Bind(1, tenantNo).Bind(2, id.Value).ReadAll(ReplayRows.Read);

    private static bool Exists(DatabaseConnection database, long tenantNo, EventId id) =>
        database.Prepare("select 1 from events where tenant = ?1 and id = ?2")
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Scalar(_ => true);

    private ReplayOutcome Replay(Change change, long tenantNo, ReplayRow row)
    {
        if (!subscribers.TryGet(row.SubscriberNo, out var entry))
            return ReplayOutcome.SubscriberDeleted;
        if (!change.Locks.TryTake(row.Id, entry.Lane))
            return ReplayOutcome.InFlight;
        ReplayRows.Replay(change.Database, tenantNo, row, row.Class, change.Now);
        change.Due.Add((entry.Lane, row.Class));
        return ReplayOutcome.Accepted;
    }

    private static ReplayOutcome Send(Change change, long tenantNo, EventId id, SubscriberEntry entry)
    {
        var laneClass = change.Database.Prepare("select priority from events where tenant = ?1 and id = ?2")
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Scalar(row => row.Int32(0));
        DeliveryRows.Insert(
            change.Database,
            tenantNo,
            DeliveryId.New(change.Now),
            id,
            entry.No,
            laneClass,
            change.Now.ToUnixTimeMilliseconds(),
            AttemptTrigger.Replay,
            change.Now);
        change.Due.Add((entry.Lane, laneClass));
        return ReplayOutcome.Accepted;
    }

    private Task<T> ChangeAsync<T>(Func<Change, T> change)
    {
        var locks = new ChangeLocks(leases);
        var due = new List<(Lane Lane, int Class)>();
        var now = time.Now();
        return writer.WriteAsync(
            database =>
            {
                due.Clear();
                return change(new Change(database, locks, due, now));
            },
            _ =>
            {
                locks.ReleaseAll();
                foreach (var (lane, laneClass) in due)
                    lanes.Signal(lane, laneClass, now.ToUnixTimeMilliseconds());
            },
            locks.ReleaseAll);
    }

    /// <summary>A change under way: what it locks, and which lanes have something due once it is committed.</summary>
    private sealed record Change(
        DatabaseConnection Database, ChangeLocks Locks, List<(Lane Lane, int Class)> Due, DateTimeOffset Now);
}
