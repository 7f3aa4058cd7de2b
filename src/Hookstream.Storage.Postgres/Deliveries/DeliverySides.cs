using Hookstream.Storage.Postgres.Subscribers;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>
/// The ranges that a <see cref="DeliveryQuery"/> reads: what is unfinished, and of what has ended one for each status, since
/// the indexes have the status in front of the id. Each is read in order and no further than the limit; then they are merged,
/// so that a page costs the same however long the history.
/// </summary>
internal sealed class DeliverySides
{
    public const string Live = "s.deleted_at is null and not s.cancelling";

    // Deliveries are made with their event or after it, by clocks that may differ a little.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    private readonly DeliveryScope _scope;
    private readonly List<string> _ofUnfinished = [];
    private readonly List<string> _ofEnded = [];

    public DeliverySides(DeliveryScope scope)
    {
        _scope = scope;
        var query = scope.Query;
        Conditions = new Conditions()
            .And("d.tenant = ?", NpgsqlDbType.Bigint, scope.TenantNo)
            .AndIf(scope.SubscriberNo, "d.subscriber = ?", NpgsqlDbType.Bigint, no => no)
            .AndIf(query.EventType, "d.event_type = ?", NpgsqlDbType.Text, type => type.Value)
            .AndIf(query.Event, "d.event = ?", NpgsqlDbType.Uuid, id => id.Value)
            .AndIf(query.Event, "d.id >= ?", NpgsqlDbType.Uuid, id => FirstOf(id))
            .AndIf(query.Since, "d.id >= ?", NpgsqlDbType.Uuid, since => TimeBounds.FirstIdAt(since))
            .AndIf(query.Since, "d.created_at >= ?", NpgsqlDbType.TimestampTz, since => since.UtcDateTime)
            .AndIf(query.Until, "d.id < ?", NpgsqlDbType.Uuid, until => TimeBounds.FirstIdAfter(until))
            .AndIf(query.Until, "d.created_at < ?", NpgsqlDbType.TimestampTz, until => until.UtcDateTime);
        if (scope.Endpoints is { Length: > 0 } endpoints)
            _ofUnfinished.Add($"d.subscriber = any ({Conditions.Value(NpgsqlDbType.Array | NpgsqlDbType.Bigint, endpoints)})");
    }

    public Conditions Conditions { get; }

    /// <summary>No delivery of an event has an id before this one; it keeps the partitions of earlier days out.</summary>
    public static Guid FirstOf(EventId id) => TimeBounds.FirstIdAt(TimeBounds.TimeOf(id.Value) - ClockDifference);

    /// <summary>Leaves out whose subscriber is gone, and what was replayed or has ended after <paramref name="time"/>.</summary>
    public void OnlyReplayableAt(DateTimeOffset time)
    {
        Conditions.And("s.deleted_at is null");
        var value = Conditions.Value(NpgsqlDbType.TimestampTz, time.UtcDateTime);
        _ofUnfinished.Add($"d.waiting_since <= {value}");
        _ofEnded.Add($"d.finished_at <= {value}");
    }

    /// <summary>The ranges, put together; null when there is none, as for what is held where nothing is.</summary>
    /// <param name="unfinished">Columns of <c>unfinished d</c>.</param>
    /// <param name="finished">The same of <c>deliveries d</c>.</param>
    /// <param name="joined">True: <c>subscribers s</c> is there for every range.</param>
    /// <param name="rest">Order and limit of each.</param>
    public string? Union(string unfinished, string finished, bool joined, string rest)
    {
        var ranges = new List<string>();
        if (UnfinishedConditions() is { } conditions)
        {
            var join = joined || conditions.Contains(Live) ? "\njoin subscribers s on s.no = d.subscriber" : "";
            ranges.Add($"(select {unfinished}\nfrom unfinished d{join}\n{Conditions.Where([.. conditions, .. _ofUnfinished])}\n{rest})");
        }

        foreach (var status in EndedConditions())
        {
            var join = joined ? "\njoin subscribers s on s.no = d.subscriber" : "";
            var where = Conditions.Where([.. status, .. _ofEnded]);
            // An event has few deliveries: without the fence the planner might walk the history in order to find them.
            ranges.Add(_scope.Query.Event is null
                ? $"(select {finished}\nfrom deliveries d{join}\n{where}\n{rest})"
                : $"(select * from (select {finished}\nfrom deliveries d{join}\n{where}\noffset 0) d\n{rest})");
        }

        return ranges.Count == 0 ? null : string.Join("\nunion all\n", ranges);
    }

    // Indexes: unfinished_tenant, unfinished_lane, unfinished_event.
    private string[]? UnfinishedConditions() => _scope.Query.Status switch
    {
        null => [],
        DeliveryStatus.Pending => ["d.status = 0", Live, $"not {GateConditions.IsHeld}"],
        DeliveryStatus.Failed => ["d.status = 1", Live, $"not {GateConditions.IsHeld}"],
        DeliveryStatus.Held or DeliveryStatus.Cancelled when _scope.Endpoints is { Length: > 0 } => [],
        _ => null,
    };

    // Indexes: deliveries_tenant, deliveries_type, deliveries_subscriber; deliveries_event, which has no order to keep.
    private string[][] EndedConditions() => _scope.Query.Status switch
    {
        null when _scope.Query.Event is not null => [[]],
        null => [["d.status = 2"], ["d.status = 3"], ["d.status = 4"]],
        DeliveryStatus.Delivered => [["d.status = 2"]],
        DeliveryStatus.DeadLetter => [["d.status = 3"]],
        DeliveryStatus.Cancelled => [["d.status = 4"]],
        _ => [],
    };
}
