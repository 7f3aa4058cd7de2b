using Hookstream.Storage.Postgres.Statistics;
using System.Globalization;
using Hookstream.Core.Catalogs;
using Hookstream.Core.Lanes;
using Hookstream.Storage.Postgres.Events;
using Hookstream.Storage.Postgres.Maintenance;
using Hookstream.Storage.Postgres.OperationalEvents;
using Hookstream.Storage.Postgres.Replays;
using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Storage.Postgres.Tests.Parts;

/// <summary>The parts of a store on a database of their own, with one tenant and one subscriber, and rows put in by hand.</summary>
internal sealed class StoreParts : IAsyncDisposable
{
    public const long TenantNo = 1;
    public const long SubscriberNo = 1;

    private StoreParts(PostgresDatabase database, IQueueMirror? mirror)
    {
        Database = database;
        Clock = new StoreClock(Time, ClockSource.Process);
        Sessions = new Sessions(new PostgresStoreOptions { ConnectionString = StoreDatabases.ConnectionStringOf(database.Url) });
        Partitions = new PartitionSet(Sessions, Clock);
        var catalog = new SubscriberCatalog();
        var lanes = new LaneSet(Clock);
        Wakeups = new Wakeups(catalog, lanes, Notifier, mirror);
        Changes = new DeliveryChanges(Sessions, Partitions, Clock, Wakeups, mirror);
        Replay = new DeliveryReplay(Sessions, Clock, Changes, Wakeups);
        Bulk = new BulkReplay(Sessions, Clock, Changes);
        Recovery = new Recovery(Sessions, Clock, Changes, Wakeups);
        Cancellations = new CancellationBacklog(Sessions, Clock, Changes, catalog, lanes, Notifier);
        Days = new RetiredDays(Sessions, NullLogger.Instance);
        Leadership = NewLeadership();
        var operational = new OperationalEventWriter(
            new TenantCatalog(), catalog, new AppendPublisher(lanes, Notifier, mirror, Clock), TimeSpan.Zero, Clock);
        Maintenance = new PostgresMaintenance(
            Sessions, Clock, new TenantCatalog(), catalog, Partitions, Leadership, Days,
            new ExpiredRows(Sessions, Clock), new ExpiredWaiting(Sessions, Partitions, operational, mirror, Clock), Cancellations, Bulk, Recovery,
            new StatisticsRollUp(Sessions, Clock), NullLogger.Instance);
    }

    public PostgresDatabase Database { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public StoreClock Clock { get; }

    public Sessions Sessions { get; }

    public PartitionSet Partitions { get; }

    public RecordedNotifications Notifier { get; } = new();

    public Wakeups Wakeups { get; }

    public DeliveryChanges Changes { get; }

    public DeliveryReplay Replay { get; }

    public BulkReplay Bulk { get; }

    public Recovery Recovery { get; }

    public CancellationBacklog Cancellations { get; }

    public RetiredDays Days { get; }

    public Leadership Leadership { get; }

    public PostgresMaintenance Maintenance { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static async Task<StoreParts> CreateAsync(IQueueMirror? mirror = null)
    {
        var parts = new StoreParts(await (await StoreDatabases.CurrentAsync()).CreateAsync(), mirror);
        await parts.Partitions.EnsureAheadAsync(CancellationToken.None);
        await parts.RunAsync(
            """
            insert into tenants (id, name, changed_at, created_at, updated_at) values (gen_random_uuid(), 'acme', now(), now(), now());
            insert into subscribers (id, tenant, url, events, payload_format, secret, effective_verification, opened_at,
                challenge_since, created_at, updated_at)
            values (gen_random_uuid(), 1, 'https://receiver.example', '*', 0, '', 1, now(), now(), now(), now());
            """);
        return parts;
    }

    /// <summary>Another process that wants to lead.</summary>
    public Leadership NewLeadership() => new(Sessions, Clock, NullLogger.Instance);

    public Task RunAsync(string sql) => Database.ExecuteAsync(sql);

    public Task<long> CountAsync(string sql) => Database.CountAsync(sql);

    public async Task<EventId> AddEventAsync()
    {
        var id = EventId.New(Now);
        await RunAsync(
            $"""
            insert into events (id, tenant, type, payload, priority, "timestamp", created_at)
            values ('{id.Value}', 1, 'order.paid', '{Braces}', 0, {Sql(Now)}, {Sql(Now)})
            """);
        return id;
    }

    public async Task<DeliveryId> AddPendingAsync(EventId parent, DateTimeOffset? leasedUntil = null)
    {
        var id = DeliveryId.New(Now);
        await RunAsync(
            $"""
            insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, lease_until, waiting_since, created_at)
            values ('{id.Value}', 1, '{parent.Value}', 'order.paid', 1, 0, 0, {Sql(Now)}, {Sql(leasedUntil)}, {Sql(Now)}, {Sql(Now)})
            """);
        return id;
    }

    public async Task<DeliveryId> AddEndedAsync(EventId parent, DeliveryStatus status, DateTimeOffset? finishedAt = null)
    {
        var id = DeliveryId.New(Now);
        await RunAsync(
            $"""
            insert into deliveries (id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures,
                trigger, waiting_since, created_at, finished_at)
            values ('{id.Value}', 1, '{parent.Value}', 'order.paid', 1, {(int)status}, 0, 1, 1, 0, 0, {Sql(Now)}, {Sql(Now)},
                {Sql(finishedAt ?? Now)})
            """);
        return id;
    }

    public static string Sql(DateTimeOffset? time) =>
        time is null ? "null" : string.Create(CultureInfo.InvariantCulture, $"'{time.Value.UtcDateTime:O}'");

    public async ValueTask DisposeAsync()
    {
        await Leadership.DisposeAsync();
        await Sessions.DisposeAsync();
        await Database.DisposeAsync();
    }

    private const string Braces = "{}";
}
