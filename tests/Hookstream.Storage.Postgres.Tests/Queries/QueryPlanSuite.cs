using Hookstream.Core.Paging;
using Hookstream.Core.Recoveries;
using Hookstream.Storage.Postgres.Deliveries;
using Hookstream.Storage.Postgres.Events;
using Hookstream.Storage.Postgres.Maintenance;
using Hookstream.Storage.Postgres.OperationalEvents;
using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Replays;
using Hookstream.Storage.Postgres.Statistics;
using Npgsql;
using NpgsqlTypes;
using Xunit.Sdk;

namespace Hookstream.Storage.Postgres.Tests.Queries;

/// <summary>
/// The queries that run often, or over much, read in the index that their comments name, and no more rows than they need,
/// however long the history.
/// </summary>
public abstract class QueryPlanSuite(History history) : IAsyncLifetime
{
    // A page of 20 and one more from each of four ranges, with others' between them, and the joins to subscribers.
    private const long Page = 1_500;

    // Ranges of pages that the summary of a day cannot rule out yet.
    private const long Unsummarized = 8_000;

    // Most deliveries of a tenant end alike: the order of the ids alone is as good then.
    private const string InOrder = "deliveries_tenant_status_id_idx|deliveries_pkey";

    // A week of hours of two hundred endpoints of one tenant.
    private string ManyStatistics =>
        $$"""
        insert into statistics (tenant, subscriber, width, bucket, delivered, failed, dead_letter, durations, latencies)
        select 7, subscriber, 1, '{{history.Now:o}}'::timestamptz - make_interval(hours => hour), 1, 0, 0, '{1}', '{1}'
        from generate_series(1, 200) as subscriber, generate_series(0, 190) as hour;
        analyze statistics
        """;

    // What waits is of events that the history does not have.
    private const string MoveToEvents =
        """
        with waiting as (select id, row_number() over (order by id) as position from unfinished order by id limit 100),
        parents as (select id, row_number() over (order by id) as position from events where id >= $1 order by id limit 100)
        update unfinished u set event = p.id
        from waiting w
        join parents p on p.position = w.position
        where u.id = w.id
        """;

    private NpgsqlConnection _connection = null!;

    public static TheoryData<string, DeliveryQuery, long?, string> Lists()
    {
        var type = TypeOf(History.CommonType);
        var rare = TypeOf(History.RareType);
        const string OfTenant = "deliveries_tenant_status_id_idx";
        const string OfType = "deliveries_tenant_event_type_status_id_idx";
        const string OfSubscriber = "deliveries_subscriber_status_id_idx";
        return new TheoryData<string, DeliveryQuery, long?, string>
        {
            { "all", new DeliveryQuery(), null, OfTenant },
            { "delivered", new DeliveryQuery(DeliveryStatus.Delivered), null, OfTenant },
            { "dead letters", new DeliveryQuery(DeliveryStatus.DeadLetter), null, OfTenant },
            { "cancelled", new DeliveryQuery(DeliveryStatus.Cancelled), null, OfTenant },
            { "a common type", new DeliveryQuery(EventType: type), null, OfType },
            { "a rare type", new DeliveryQuery(EventType: rare), null, OfType },
            { "dead letters of a type", new DeliveryQuery(DeliveryStatus.DeadLetter, EventType: type), null, OfType },
            { "a busy subscriber", new DeliveryQuery(), History.BusySubscriber, OfSubscriber },
            { "a quiet subscriber", new DeliveryQuery(), History.QuietSubscriber, OfSubscriber },
            { "dead letters of a subscriber", new DeliveryQuery(DeliveryStatus.DeadLetter), History.BusySubscriber, OfSubscriber },
            { "delivered to a quiet subscriber", new DeliveryQuery(DeliveryStatus.Delivered), History.QuietSubscriber, OfSubscriber },
        };
    }

    public static TheoryData<DeliveryStatus> Waiting => [DeliveryStatus.Pending, DeliveryStatus.Failed];

    public async ValueTask InitializeAsync() => _connection = await history.Sessions.General.OpenConnectionAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_of_deliveries_reads_a_page_in_the_order_of_its_index(
        string what, DeliveryQuery query, long? subscriber, string index)
    {
        what.ShouldNotBeEmpty();
        // What waits has no index by type.
        (await ListAsync(query, subscriber)).ShouldRead(index, query.EventType is null ? Page : Page + history.Pending);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task List_of_what_waits_walks_the_queue(DeliveryStatus status) =>
        (await ListAsync(new DeliveryQuery(status), null)).ShouldRead("unfinished_tenant|unfinished_pkey", Page);

    [Theory]
    [InlineData(History.BusySubscriber)]
    [InlineData(History.QuietSubscriber)]
    public async Task Search_for_failures_reads_the_ends_of_its_lane_and_of_each_status(long subscriber)
    {
        // Each of the eight ends of lanes and three statuses, and all of them once more where they are put together.
        const long Most = 2 * 11 * 200 + 20;
        await using var tried = FailureReading.TriedCommand(_connection, subscriber);
        (await QueryPlan.OfAsync(tried)).ShouldRead("deliveries_subscriber_status_id_idx", Most);
    }

    [Fact]
    public async Task Search_for_attempts_that_failed_reads_their_deliveries()
    {
        Guid[] deliveries = [await history.AnyAsync("deliveries", 0), await history.AnyAsync("deliveries", 1)];
        await using var attempts = FailureReading.AttemptsCommand(_connection, deliveries, deliveries, limit: 20);
        (await QueryPlan.OfAsync(attempts)).ShouldRead("attempts_pkey", 10);
    }

    [Fact]
    public async Task Figures_of_an_endpoint_are_read_without_those_of_others()
    {
        await using var transaction = await _connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await FillStatisticsAsync();
        var stored = await QueryPlan.OfAsync(
            _connection.Command(PostgresStatistics.Stored).Bind(7L).Bind(1L).Bind(history.Now.AddDays(-7)), transaction);
        stored.ShouldRead("statistics_pkey", 200);
    }

    [Fact]
    public async Task Old_figures_are_found_by_their_age()
    {
        await using var transaction = await _connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await FillStatisticsAsync();
        var old = await QueryPlan.OfAsync(
            _connection.Command(StatisticsRollUp.TakeOld).Bind(NpgsqlDbType.Smallint, (short)1).Bind(history.Now.AddHours(-185)).Bind(1_000),
            transaction);
        old.ShouldRead("statistics_age", 15_000);
    }

    [Theory]
    [InlineData(PostgresStatistics.WaitingOfSubscriber, History.BusySubscriber)]
    [InlineData(PostgresStatistics.WaitingOfTenant, History.BigTenant)]
    public async Task Count_of_what_waits_reads_no_more_than_it_counts(string sql, long no)
    {
        // Each is passed on once, to be counted.
        await using var waiting = PostgresStatistics.WaitingCommand(_connection, sql, no);
        (await QueryPlan.OfAsync(waiting)).ShouldReadAtMost(2 * (Core.Statistics.WaitingCount.Most + 1));
    }

    [Fact]
    public async Task List_of_a_tenant_with_little_history_reads_little() =>
        (await ListAsync(new DeliveryQuery(), null, History.QuietTenant)).ShouldRead("deliveries_tenant_status_id_idx", Page);

    [Fact]
    public async Task List_of_a_time_and_a_later_page_read_their_days_only()
    {
        var day = await ListAsync(new DeliveryQuery(Since: Day(3), Until: Day(4)), null);
        var later = await ListAsync(new DeliveryQuery(DeliveryStatus.Delivered), null, after: History.FirstIdOf(4));

        day.ShouldRead(InOrder, Page);
        day.ShouldTouch(2);
        later.ShouldRead(InOrder, Page);
        later.ShouldTouch(1);
    }

    [Fact]
    public async Task List_of_an_event_reads_its_deliveries()
    {
        var plan = await ListAsync(new DeliveryQuery(Event: new EventId(await history.AnyAsync("events", 2))), null);

        plan.ShouldRead("deliveries_event_idx", 60);
    }

    [Fact]
    public async Task List_of_events_reads_a_page_in_the_order_of_its_index()
    {
        (await EventsAsync(new EventQuery())).ShouldRead("events_tenant_id_idx|events_pkey", 100);
        (await EventsAsync(new EventQuery(TypeOf(History.RareType)))).ShouldRead("events_tenant_type_id_idx", 30);
        var day = await EventsAsync(new EventQuery(Since: Day(3), Until: Day(4)));
        day.ShouldRead("events_tenant_id_idx|events_pkey", 100);
        day.ShouldTouch(2);

        Task<QueryPlan> EventsAsync(EventQuery query) => QueryPlan.OfAsync(
            EventReading.ListCommand(_connection, History.BigTenant, query, new PageRequest(20, null)));
    }

    [Fact]
    public async Task Single_ones_are_found_in_one_partition()
    {
        var delivery = await history.AnyAsync("deliveries", 2);
        var parent = await history.AnyAsync("events", 2);
        var found = await PlanAsync(Command(DeliveryReading.FindOne).Bind(delivery).Bind(History.BigTenant));
        found.ShouldRead("deliveries_pkey", 60);
        found.ShouldTouch(1);
        var locked = await PlanAsync(Command(ChangeStatements.LockEnded).Bind([delivery]).Bind(History.BigTenant));
        locked.ShouldRead("deliveries_pkey", 60);
        locked.ShouldTouch(1);
        var told = await PlanAsync(Command(OperationalEventWriter.FindDeliveries).Bind([delivery]));
        told.ShouldRead("deliveries_pkey", 60);
        told.ShouldTouch(1);
        var attempts = await PlanAsync(Command(AttemptRows.OfAll).Bind([delivery]));
        attempts.ShouldRead("attempts_pkey", 10);
        attempts.ShouldTouch(1);
        (await PlanAsync(Command(EventReading.FindOne).Bind(parent).Bind(History.BigTenant))).ShouldRead("events_pkey|events_tenant_id_idx", 1);
    }

    [Fact]
    public async Task Deliveries_of_an_event_are_looked_for_from_its_day_on()
    {
        var id = new EventId(await history.AnyAsync("events", 4));
        var read = await PlanAsync(
            Command(DeliveryReading.OfEvent).Bind(id.Value).Bind(History.BigTenant).Bind(DeliverySides.FirstOf(id)));
        var replayed = await PlanAsync(Command(DeliveryReplay.OfEvent)
            .Bind(id.Value).Bind(History.BigTenant).Bind(DeliverySides.FirstOf(id)).Bind(NpgsqlDbType.Bigint, null));

        read.ShouldRead("deliveries_event_idx", 60);
        replayed.ShouldRead("deliveries_event_idx", 30);
    }

    [Fact]
    public async Task Bulk_replay_reads_a_chunk()
    {
        var after = await history.AnyAsync("deliveries", 2);
        await using var chunk = BulkReplay.ChunkCommand(
            _connection, new DeliveryScope(History.BigTenant, new DeliveryQuery(DeliveryStatus.DeadLetter)), history.Now, after);

        (await PlanAsync(chunk.ShouldNotBeNull())).ShouldRead("deliveries_tenant_status_id_idx", 4 * BulkReplay.Chunk);
    }

    [Fact]
    public async Task Recovery_reads_a_chunk_of_events_and_the_deliveries_of_each()
    {
        var window = new AcceptedRecovery(
            History.BigTenant, History.BusySubscriber, [], Day(2), Day(4), Day(2), history.Now);

        var plan = await PlanAsync(Recovery.NextCommand(_connection, window, null));

        plan.ShouldRead("events_tenant_id_idx|events_pkey", Recovery.Chunk * (History.FanOut + 2));
        plan.ShouldRead("deliveries_event_idx", Recovery.Chunk * (History.FanOut + 2));
    }

    [Fact]
    public async Task Load_reads_its_rows_their_events_and_few_endpoints_by_their_ids()
    {
        var lastDay = history.Days - 1;
        await using var connection = await history.Sessions.Hot.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var ids = await TextAsync("select array(select id from unfinished order by id limit 100)::text");
        var endpoints = await TextAsync("select array(select id from subscribers order by no limit 3)::text");
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await connection.Command(MoveToEvents).Bind(History.FirstIdOf(lastDay)).RunAsync(TestContext.Current.CancellationToken);
        var rows = await GenericPlanAsync(
            connection, transaction, "uuid[], uuid", WorkLoading.Rows, ids, $"{History.FirstIdOf(lastDay)}");
        var gates = await GenericPlanAsync(connection, null, "uuid[]", WorkLoading.Gates, endpoints);

        rows.ShouldRead("unfinished_pkey", 400);
        rows.ShouldRead("events_pkey", 400);
        rows.ShouldLeaveOut(lastDay);
        gates.ShouldRead("subscribers_id_key", 40);
        gates.ShouldRead("tenants_pkey", 40);
    }

    [Fact]
    public async Task Backlogs_and_sweeps_read_a_chunk_of_the_queue()
    {
        var subscriber = await SubscriberAsync();
        (await PlanAsync(Command(CancellationBacklog.Pending)
            .Bind(History.BusySubscriber).Bind((DateTimeOffset?)null).Bind(50))).ShouldRead("unfinished_lane", 60);
        (await PlanAsync(Command(QueueSource.Unfinished).Bind(Guid.Empty).Bind(50))).ShouldRead("unfinished_pkey", 300);
        (await PlanAsync(Command(QueueSource.OfLane)
            .Bind(subscriber).Bind(NpgsqlDbType.Smallint, (short)1).Bind(Day(0)).Bind(Guid.Empty).Bind(50)))
            .ShouldRead("unfinished_lane", 300);
    }

    [Fact]
    public async Task What_waits_is_counted_in_the_queue_alone()
    {
        var lines = await Command("explain " + PostgresMaintenance.Unfinished)
            .ReadAllAsync(row => row.GetString(0), TestContext.Current.CancellationToken);
        var plan = string.Join('\n', lines);

        plan.ShouldContain(" on unfinished", Case.Sensitive);
        plan.ShouldNotContain("deliveries", Case.Sensitive);
    }

    [Fact]
    public async Task Retention_looks_at_a_day_without_reading_it()
    {
        var plan = await PlanAsync(Command(RetiredDays.Retire)
            .Bind(NpgsqlDbType.Date, PartitionSet.DayOf(Day(0)))
            .Bind(History.FirstIdOf(0))
            .Bind(History.FirstIdOf(1))
            .Bind(Day(2)));

        plan.ShouldRead("deliveries_finished_at_idx", Unsummarized);
        plan.ShouldRead("deliveries_event_idx", Unsummarized);
    }

    [Fact]
    public async Task Retention_of_a_day_that_stays_reads_a_chunk_of_it()
    {
        var old = await PlanAsync(Command(ExpiredRows.OldDeliveries)
            .Bind(History.FirstIdOf(1)).Bind(History.FirstIdOf(2)).Bind(Day(3)).Bind(ExpiredRows.Chunk));
        var events = await PlanAsync(Command(ExpiredRows.OldEvents)
            .Bind(History.FirstIdOf(1)).Bind(History.FirstIdOf(1)).Bind(History.FirstIdOf(2)).Bind(100));
        var deleted = await PlanAsync(Command(ExpiredRows.DeleteEvents)
            .Bind([await history.AnyAsync("events", 1)]).Bind(History.FirstIdOf(1)));

        old.ShouldRead("deliveries_pkey", 2 * ExpiredRows.Chunk);
        old.ShouldTouch(1);
        events.ShouldRead("events_pkey", 1_000);
        events.ShouldRead("deliveries_event_idx", 1_000);
        deleted.ShouldRead("events_pkey|events_tenant_id_idx", 30);
        deleted.ShouldRead("deliveries_event_idx", 30);
    }

    [Fact]
    public async Task Retention_of_keys_reads_a_chunk() =>
        (await PlanAsync(Command(ExpiredRows.DeleteKeys).Bind(history.Now.AddSeconds(50)).Bind(20)))
            .ShouldRead("idempotency_keys_expiry", 200);

    [Fact]
    public async Task Check_itself_refuses_scans_other_indexes_and_many_rows()
    {
        var scan = await PlanAsync(Command("select count(*) from deliveries where attempt_count = 3"));
        var many = await PlanAsync(Command("select id from unfinished where tenant = 1 order by id limit 200"));

        Should.Throw<XunitException>(() => scan.ShouldRead("deliveries_pkey", long.MaxValue));
        Should.Throw<XunitException>(() => scan.ShouldTouch(1));
        Should.Throw<XunitException>(() => many.ShouldRead("unfinished_tenant", 100));
        Should.Throw<XunitException>(() => many.ShouldRead("unfinished_event", 1_000));
    }

    private static DateTimeOffset Day(int day) => History.FirstDay.AddDays(day);

    private static EventType TypeOf(string text) =>
        EventType.TryParse(text, out var type) ? type : throw new ArgumentException($"not an event type: {text}", nameof(text));

    private NpgsqlCommand Command(string sql) => _connection.Command(sql);

    private static async Task<QueryPlan> PlanAsync(NpgsqlCommand command)
    {
        await using (command)
            return await QueryPlan.OfAsync(command);
    }

    // As on a connection of the hot paths, where a plan knows no values.
    private static async Task<QueryPlan> GenericPlanAsync(
        NpgsqlConnection connection, NpgsqlTransaction? begun, string types, string sql, params string[] values)
    {
        await connection.Command($"prepare planned ({types}) as {sql}").RunAsync(TestContext.Current.CancellationToken);
        await using var command = connection.Command($"execute planned ('{string.Join("', '", values)}')");
        var plan = await QueryPlan.OfAsync(command, begun);
        await connection.Command("deallocate planned").RunAsync(TestContext.Current.CancellationToken);
        return plan;
    }

    private Task<QueryPlan> ListAsync(
        DeliveryQuery query, long? subscriber, long tenant = History.BigTenant, Guid? after = null) =>
        PlanAsync(DeliveryReading.ListCommand(
            _connection, new DeliveryScope(tenant, query, subscriber), new PageRequest(20, after)).ShouldNotBeNull());

    private async Task<string> TextAsync(string sql) =>
        (string)(await Command(sql).ReadValueAsync(TestContext.Current.CancellationToken))!;

    private async Task<Guid> SubscriberAsync()
    {
        await using var command = Command("select id from subscribers where no = 1");
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    private async Task FillStatisticsAsync()
    {
        await using var fill = new NpgsqlCommand(ManyStatistics, _connection);
        await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
