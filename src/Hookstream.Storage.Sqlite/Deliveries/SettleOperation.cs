using Hookstream.Core.Circuits;
using Hookstream.Storage.Sqlite.Circuits;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Hookstream.Storage.Sqlite.Queueing;
using Hookstream.Storage.Sqlite.Replays;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>Records the outcomes of claims, and then releases their leases.</summary>
internal sealed class SettleOperation(
    IReadOnlyList<Settlement> settlements,
    SubscriberCatalog subscribers,
    LeaseTable leases,
    LaneSet lanes,
    CancellationBacklog backlog,
    OperationalEventWriter operational,
    CircuitOptions circuitOptions,
    StoreMetrics metrics,
    TimeProvider time,
    ILogger logger) : WriteOperation
{
    // Primary key. The version is the fence: replay, cancel and every settle move it on. What has failed waits among the retries.
    internal const string Move =
        """
        update deliveries
        set status = coalesce(?4, status),
            class = coalesce(?13, class),
            version = version + 1,
            attempt_count = max(attempt_count, ?5),
            failures = failures + ?6,
            due = coalesce(?7, due),
            last_attempt_at = coalesce(?8, last_attempt_at),
            last_status_code = iif(?8 is null, last_status_code, ?9),
            error_code = ?10,
            error_message = ?11,
            finished_at = ?12
        where tenant = ?1 and id = ?2 and version = ?3 and status < 2
        """;

    // Primary key.
    private const string Waiting =
        """
        select class, due
        from deliveries
        where tenant = ?1 and id = ?2 and status < 2
        """;

    private const string Disable =
        """
        update subscribers
        set disabled_reason = ?2, cancelling = 1, challenge_due_at = null, updated_at = ?3
        where no = ?1 and disabled_reason is null
        """;

    private const string Block =
        """
        update subscribers
        set blocked_until = max(coalesce(blocked_until, 0), ?2)
        where no = ?1
        """;

    private readonly TaskCompletionSource<IReadOnlyList<int>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SettledCircuits _circuits = new(circuitOptions, operational, metrics, logger);
    private readonly Recorded[] _recorded = new Recorded[settlements.Count];
    private readonly List<int> _lost = [];
    private DateTimeOffset _now;

    /// <summary>The places of those that could not be recorded.</summary>
    public Task<IReadOnlyList<int>> Completion => _completion.Task;

    public override int Rows => settlements.Count * 2;

    public override long Bytes => settlements.Count * 1_024L;

    public override void Execute(DatabaseConnection database, bool alone)
    {
        _now = time.Now();
        operational.Clear();
        _circuits.Clear();
        _lost.Clear();
        for (var i = 0; i < _recorded.Length; i++)
            _recorded[i] = alone ? RecordAlone(database, i) : Record(database, settlements[i]);
    }

    public override void Committed()
    {
        _circuits.Publish(lanes);
        for (var i = 0; i < _recorded.Length; i++)
        {
            if (_recorded[i] is not { Entry: { } entry } recorded)
                continue;
            if (settlements[i].Lease.IsProbe)
                lanes.EndProbe(entry.Lane);
            if (!recorded.Late)
                Publish(entry.Lane.Entry, settlements[i]);
            leases.Release(settlements[i].Lease);
            // Lost meanwhile or not: whoever took it over knows its lane of before only.
            if (recorded.DueAgain is { } due)
                lanes.Signal(entry.Lane, recorded.Class, due);
        }

        // Last: whoever is told of it finds it so.
        operational.Committed();
    }

    public override void Complete() => _completion.SetResult(_lost);

    public override void Failed(Exception exception) => _completion.SetException(exception);

    private Recorded Record(DatabaseConnection database, Settlement settlement)
    {
        var entry = leases.Find(settlement.Lease);
        var recorded = entry is null ? default : MoveOn(database, settlement, entry);
        if (settlement.Attempt is { } attempt)
            AttemptRows.Insert(database, settlement.Lease.Delivery, attempt, late: recorded.Late || entry is null);
        return recorded;
    }

    private Recorded MoveOn(DatabaseConnection database, Settlement settlement, LeaseEntry entry)
    {
        var endpoint = entry.Lane.Entry;
        var (status, due, error) = Outcome(settlement, endpoint);
        var finished = status is >= DeliveryStatus.Delivered;
        var attempt = settlement.Attempt;
        var laneClass = status == DeliveryStatus.Failed ? LaneClass.RetryOf(entry.Class) : entry.Class;
        var spent = attempt is not null && settlement.Disposition is Disposition.Retry or Disposition.DeadLetter;
        var moved = database.Prepare(Move)
            .Bind(1, endpoint.TenantNo)
            .Bind(2, settlement.Lease.Delivery.Value)
            .Bind(3, settlement.Lease.Version)
            .Bind(4, (long?)status)
            .Bind(5, attempt?.Number ?? 0)
            .Bind(6, spent)
            .Bind(7, due)
            .Bind(8, attempt?.StartedAt)
            .Bind(9, (long?)attempt?.StatusCode)
            .Bind(10, error?.Code)
            .Bind(11, error?.Message)
            .Bind(12, finished ? _now : null)
            .Bind(13, status == DeliveryStatus.Failed ? laneClass : (long?)null)
            .Run() == 1;
        if (!moved)
            return Late(database, entry);

        if (status == DeliveryStatus.DeadLetter)
            operational.DeadLettered(database, endpoint.TenantNo, settlement.Lease.Delivery, _now);
        if (settlement.DisableEndpointReason is { } reason
            && database.Prepare(Disable).Bind(1, endpoint.No).Bind(2, reason).Bind(3, _now).Run() == 1)
            operational.EndpointDisabled(database, endpoint, reason, _now);
        if (settlement.BlockEndpointFor is { } block)
            database.Prepare(Block).Bind(1, endpoint.No).Bind(2, _now + block).Run();
        _circuits.Record(database, endpoint, settlement, _now);
        return new Recorded(entry, laneClass, finished ? null : due ?? entry.Due, Late: false);
    }

    // Whatever moved it on may have made it due while this lease kept claims away: they look again, wherever it waits now.
    private static Recorded Late(DatabaseConnection database, LeaseEntry entry) =>
        database.Prepare(Waiting)
            .Bind(1, entry.Lane.Entry.TenantNo)
            .Bind(2, entry.Lease.Delivery.Value)
            .Scalar<Recorded?>(row => new Recorded(entry, row.Int32(0), row.Int64(1), Late: true))
        ?? new Recorded(entry, entry.Class, DueAgain: null, Late: true);

    private (DeliveryStatus? Status, long? Due, DeliveryError? Error) Outcome(
        Settlement settlement, SubscriberEntry endpoint)
    {
        if (settlement.Disposition is Disposition.Retry or Disposition.Release)
        {
            // What was pending when the endpoint went has been cancelled; this one was in flight then.
            if (endpoint.Deleted)
                return (DeliveryStatus.Cancelled, null, DeliveryErrors.SubscriberDeleted);
            if (endpoint.Subscriber.Gate.DisabledReason is not null)
                return (DeliveryStatus.Cancelled, null, DeliveryErrors.SubscriberDisabled);
        }

        return settlement.Disposition switch
        {
            Disposition.Delivered => (DeliveryStatus.Delivered, null, null),
            Disposition.DeadLetter => (DeliveryStatus.DeadLetter, null, settlement.Error),
            Disposition.Retry => (
                DeliveryStatus.Failed, (_now + settlement.RetryIn).ToUnixTimeMilliseconds(), settlement.Error),
            Disposition.Release => (null, null, settlement.Error),
            _ => throw new InvalidOperationException($"unknown disposition {settlement.Disposition}"),
        };
    }

    // One outcome that cannot be recorded must not keep the others; its lease runs out, so that it is tried again, slowly.
    private Recorded RecordAlone(DatabaseConnection database, int place)
    {
        var settlement = settlements[place];
        database.Prepare("savepoint one_settlement").Run();
        var recorded = default(Recorded);
        try
        {
            recorded = Record(database, settlement);
        }
        catch (Exception exception) when (!StoreFailure.Is(exception))
        {
            Log.SettlementFailed(logger, exception, settlement.Lease.Delivery);
            _lost.Add(place);
            database.Prepare("rollback to one_settlement").Run();
            if (leases.Find(settlement.Lease) is { } entry)
                _circuits.RolledBack(database, entry.Lane.Entry);
        }

        database.Prepare("release one_settlement").Run();
        return recorded;
    }

    private void Publish(SubscriberEntry endpoint, Settlement settlement)
    {
        var gate = endpoint.Subscriber.Gate;
        if (settlement.DisableEndpointReason is { } reason && gate.DisabledReason is null && !endpoint.Deleted)
        {
            endpoint.Cancelling = true;
            subscribers.Change(endpoint, With(endpoint.Snapshot, gate with { DisabledReason = reason }));
            lanes.GateChanged(endpoint.Lane);
            backlog.Add(endpoint);
        }

        if (settlement.BlockEndpointFor is { } block && !(gate.BlockedUntil >= _now + block))
        {
            // Whom events match does not depend on it, so the tenant's version stays.
            endpoint.Change(known => With(known, known.Subscriber.Gate with { BlockedUntil = _now + block }));
            lanes.GateChanged(endpoint.Lane);
        }
    }

    private EndpointSnapshot With(EndpointSnapshot snapshot, EndpointGate gate) =>
        snapshot with { Subscriber = snapshot.Subscriber with { Gate = gate, UpdatedAt = _now } };

    /// <summary>What was recorded: under which lease, where and when it is due again, and whether it came late.</summary>
    private readonly record struct Recorded(LeaseEntry? Entry, int Class, long? DueAgain, bool Late);
}
