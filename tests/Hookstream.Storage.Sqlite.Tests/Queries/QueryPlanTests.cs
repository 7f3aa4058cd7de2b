using Hookstream.Core.Paging;
using Hookstream.Storage.Sqlite.Database;
using Hookstream.Storage.Sqlite.Deliveries;
using Hookstream.Storage.Sqlite.Events;
using Hookstream.Storage.Sqlite.Maintenance;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Hookstream.Storage.Sqlite.Queueing;
using Hookstream.Storage.Sqlite.Replays;
using Hookstream.Storage.Sqlite.Statistics;
using Hookstream.Storage.Sqlite.Subscribers;
using Hookstream.Storage.Sqlite.Tenants;
using Xunit.Sdk;

namespace Hookstream.Storage.Sqlite.Tests.Queries;

/// <summary>
/// The queries that run often, or over much, seek in the index that their comments name: none reads a whole table, and
/// none sorts what it could read in order.
/// </summary>
public sealed class QueryPlanTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PageRequest NextPage = new(20, Guid.CreateVersion7(Time));
    private static readonly SubscriberId Subscriber = SubscriberId.New(Time);
    private static readonly EventId Event = EventId.New(Time);

    private readonly TemporaryDataDirectory _data = new();
    private readonly DatabaseConnection _database;

    public QueryPlanTests()
    {
        _data.Migrate();
        _database = DatabaseConnection.Open(_data.Database, readOnly: false);
    }

    public static TheoryData<string, string, string> Constants => new()
    {
        { "settle", SettleOperation.Move, "deliveries USING PRIMARY KEY (tenant=? AND id=?)" },
        { "payload of a claim", SqliteDeliveryStore.LoadEvent, "events USING PRIMARY KEY (tenant=? AND id=?)" },
        { "find a delivery", SqliteDeliveryStore.FindOne, "d USING PRIMARY KEY (tenant=? AND id=?)" },
        { "delivery that is told of", OperationalEventWriter.FindDelivery, "d USING PRIMARY KEY (tenant=? AND id=?)" },
        { "deliveries of an event", SqliteDeliveryStore.OfEvent, "d USING INDEX deliveries_event (tenant=? AND event=?)" },
        { "replay of an event", ReplayRows.FindOfEvent, "d USING INDEX deliveries_event (tenant=? AND event=?)" },
        { "next events of a recovery", Recovery.NextEvents, "e USING PRIMARY KEY (tenant=? AND id>? AND id<?)" },
        { "deliveries of a recovery's events", Recovery.NextEvents, "d USING INDEX deliveries_event (tenant=? AND event=?) LEFT-JOIN" },
        { "event that is still missed", Recovery.IsStillMissed, "d USING INDEX deliveries_event (tenant=? AND event=?)" },
        { "attempts of a delivery", AttemptRows.Of, "attempts USING PRIMARY KEY (delivery=?)" },
        { "failures among the newest", FailureRows.Newest, "deliveries USING INDEX deliveries_subscriber (subscriber=?)" },
        { "failures that are due last", FailureRows.DueLast, "deliveries USING INDEX deliveries_lane (subscriber=? AND class=?)" },
        { "failures that are due first", FailureRows.DueFirst, "deliveries USING INDEX deliveries_lane (subscriber=? AND class=?)" },
        { "failures that were given up", FailureRows.GivenUp, "deliveries USING INDEX deliveries_ended (tenant=? AND status=?)" },
        { "attempts that failed", FailureRows.Attempts, "attempts USING PRIMARY KEY (delivery=?)" },
        { "figures that are added to", StatisticsRows.Find, "statistics USING PRIMARY KEY (tenant=? AND subscriber=? AND width=? AND bucket=?)" },
        { "figures", SqliteStatistics.Stored, "statistics USING PRIMARY KEY (tenant=? AND subscriber=? AND width=? AND bucket>?)" },
        { "figures that are old", StatisticsRollUp.Old, "statistics USING INDEX statistics_age (width=? AND bucket<?)" },
        { "what waits for a subscriber", SqliteStatistics.WaitingOfSubscriber, "deliveries USING INDEX deliveries_lane (subscriber=?)" },
        { "what waits of a tenant", SqliteStatistics.WaitingOfTenant, "deliveries USING INDEX deliveries_unfinished (tenant=?)" },
        { "idempotency key", IdempotencyKeys.Find, "idempotency_keys USING PRIMARY KEY (tenant=? AND key=?)" },
        { "cancel what is pending", CancellationBacklog.Pending, "deliveries USING INDEX deliveries_lane (subscriber=?)" },
        { "retention of deliveries", SqliteMaintenance.OldDeliveries, "deliveries USING PRIMARY KEY (tenant=? AND id>? AND id<?)" },
        { "retention of events", SqliteMaintenance.OldEvents, "events USING PRIMARY KEY (tenant=? AND id>? AND id<?)" },
        { "events still needed", SqliteMaintenance.OldEvents, "d USING COVERING INDEX deliveries_event (tenant=? AND event=?)" },
        { "delete an event", SqliteMaintenance.DeleteEvent, "d USING COVERING INDEX deliveries_event (tenant=? AND event=?)" },
        { "retention of keys", SqliteMaintenance.OldKeys, "idempotency_keys USING COVERING INDEX idempotency_keys_expiry (expires_at<?)" },
        { "due challenges", SqliteSubscriberStore.Due, "subscribers USING INDEX subscribers_challenge (challenge_due_at>? AND challenge_due_at<?)" },
        { "list subscribers", SqliteSubscriberStore.List, "subscribers USING INDEX subscribers_tenant (tenant=?)" },
        { "list keys", SqliteTenantStore.ListKeys, "api_keys USING INDEX api_keys_tenant (tenant=?)" },
    };

    public static TheoryData<DeliveryQuery, string> DeliveryLists => new()
    {
        { new DeliveryQuery(), "d USING PRIMARY KEY (tenant=? AND id<?)" },
        { new DeliveryQuery(Since: Time, Until: Time), "d USING PRIMARY KEY (tenant=? AND id>? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.Pending), "d USING INDEX deliveries_unfinished (tenant=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.Failed), "d USING INDEX deliveries_unfinished (tenant=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.Held), "d USING INDEX deliveries_unfinished (tenant=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.DeadLetter), "d USING INDEX deliveries_ended (tenant=? AND status=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.Cancelled), "d USING INDEX deliveries_ended (tenant=? AND status=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.Delivered), "d USING PRIMARY KEY (tenant=? AND id<?)" },
        { new DeliveryQuery(Subscriber: Subscriber), "d USING INDEX deliveries_subscriber (subscriber=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.DeadLetter, Subscriber), "d USING INDEX deliveries_subscriber (subscriber=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.Pending, Subscriber), "d USING INDEX deliveries_subscriber (subscriber=? AND id<?)" },
        { new DeliveryQuery(Event: Event), "d USING INDEX deliveries_event (tenant=? AND event=? AND id<?)" },
        { new DeliveryQuery(DeliveryStatus.DeadLetter, Subscriber, Event), "d USING INDEX deliveries_event (tenant=? AND event=? AND id<?)" },
    };

    public void Dispose()
    {
        _database.Dispose();
        _data.Dispose();
    }

    [Theory]
    [MemberData(nameof(Constants))]
    public void Query_seeks_in_its_index(string what, string sql, string step)
    {
        what.ShouldNotBeEmpty();
        PlanOf(sql).ShouldSeek(step);
    }

    [Fact]
    public void Count_of_what_waits_walks_the_index_of_that_and_sorts_nothing() =>
        PlanOf(SqliteMaintenance.Unfinished).Steps.ShouldBe(["SCAN deliveries USING INDEX deliveries_lane"]);

    [Fact]
    public void Claim_reads_a_lane_in_the_order_of_its_index()
    {
        var rows = LaneRows.From(_database, NewLane(), 1, LanePosition.Start);

        PlanOf(rows.Sql).ShouldSeek("deliveries USING INDEX deliveries_lane (subscriber=? AND class=? AND (due,tenant,id)>(?,?,?))");
    }

    [Theory]
    [MemberData(nameof(DeliveryLists))]
    public void List_of_deliveries_seeks_in_its_index(DeliveryQuery query, string step)
    {
        using var statement = DeliveryList.Prepare(_database, 1, query, VerificationMode.Optional, cancelling: false, NextPage);

        PlanOf(statement.Sql).ShouldSeek(step);
    }

    [Fact]
    public void List_of_the_cancelled_while_some_are_not_written_so_yet_walks_the_tenant()
    {
        using var statement = DeliveryList.Prepare(
            _database, 1, new DeliveryQuery(DeliveryStatus.Cancelled), VerificationMode.Optional, cancelling: true, NextPage);

        PlanOf(statement.Sql).ShouldSeek("d USING PRIMARY KEY (tenant=? AND id<?)");
    }

    [Fact]
    public void List_of_events_seeks_by_time()
    {
        using var statement = EventList.Prepare(_database, 1, new EventQuery(Since: Time, Until: Time), NextPage);

        PlanOf(statement.Sql).ShouldSeek("events USING PRIMARY KEY (tenant=? AND id>? AND id<?)");
    }

    [Theory]
    [InlineData(Recovery.Failed, "d USING INDEX deliveries_subscriber (subscriber=? AND id>?)")]
    [InlineData(Recovery.Missed, "events USING PRIMARY KEY (tenant=? AND id>? AND id<?)")]
    [InlineData(Recovery.Missed, "d USING INDEX deliveries_subscriber (subscriber=? AND id>?)")]
    public void Count_of_a_recovery_seeks_its_window(string sql, string step) => PlanOf(sql).ShouldSeek(step, groups: true);

    [Fact]
    public void Check_itself_refuses_scans_sorts_and_other_indexes()
    {
        var scan = PlanOf("select id from deliveries where attempt_count = 3");
        var sort = PlanOf("select id from deliveries where tenant = 1 order by attempt_count");
        var other = PlanOf("select id from deliveries where tenant = 1 and event = ?1");

        Should.Throw<XunitException>(() => scan.ShouldSeek("deliveries USING PRIMARY KEY (tenant=?)"));
        Should.Throw<XunitException>(() => sort.ShouldSeek("deliveries USING PRIMARY KEY (tenant=?)"));
        Should.Throw<XunitException>(() => other.ShouldSeek("deliveries USING PRIMARY KEY (tenant=?)"));
    }

    private QueryPlan PlanOf(string sql)
    {
        using var statement = _database.PrepareOnce($"explain query plan {sql}");
        return new QueryPlan(statement.ReadAll(row => row.Text(3)));
    }

    private static Lane NewLane()
    {
        EventFilter.TryParse("*", out var all).ShouldBeTrue();
        var settings = new SubscriberSettings { Url = new Uri("https://receiver.example"), Events = [all!] };
        var subscriber = new Subscriber(Subscriber, TenantId.New(Time), settings, new EndpointGate(), Time, Time);
        var secrets = new Core.Signing.SigningSecrets(Core.Signing.SigningSecret.Generate());
        return new SubscriberEntry(1, 1, new EndpointSnapshot(subscriber, secrets), cancelling: false).Lane;
    }
}
