using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Opening;

/// <summary>The schema goes forward only, each step once, and no program uses one that it does not know.</summary>
public sealed class MigrationTests(StoreDatabases databases) : IAsyncLifetime
{
    private const string Journal = "select scriptname from schema_migrations order by schemaversionsid";

    private PostgresDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await databases.CreateEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task Empty_database_gets_every_migration_in_order()
    {
        Migrate();

        var scripts = typeof(PostgresStoreOptions).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        scripts.ShouldNotBeEmpty();
        (await _database.ReadAsync(Journal)).ShouldBe(scripts);
        (await _database.CountAsync("select count(*) from unfinished")).ShouldBe(0);
    }

    [Fact]
    public async Task Declared_version_is_the_one_that_the_program_was_written_for()
    {
        Migrate();

        (await _database.CountAsync("select version from schema_compatibility")).ShouldBe(SchemaMigrations.Version);
        await CheckAsync();
    }

    [Fact]
    public async Task Programs_that_do_not_know_the_lanes_of_retries_are_refused()
    {
        Migrate();

        (await _database.CountAsync("select minimum from schema_compatibility")).ShouldBe(6);
    }

    [Fact]
    public async Task What_has_failed_moves_to_the_lane_of_retries_of_its_priority()
    {
        Migrate();
        await _database.ExecuteAsync(
            """
            insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at, failures)
            select gen_random_uuid(), 1, gen_random_uuid(), 'a.b', 1, least(failures, 1), class, now(), now(), now(), failures
            from generate_series(0, 3) as class, generate_series(0, 2) as failures
            """);
        await _database.ExecuteAsync("delete from schema_migrations where scriptname like '%0006%'");

        Migrate();

        (await _database.ReadAsync("select class || ' ' || failures from unfinished order by class, failures")).ShouldBe(
            ["0 0", "1 0", "2 0", "3 0", "4 1", "4 2", "5 1", "5 2", "6 1", "6 2", "7 1", "7 2"]);
    }

    [Fact]
    public async Task Several_nodes_may_migrate_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Migrate, TestContext.Current.CancellationToken)));

        var journal = await _database.ReadAsync(Journal);
        journal.ShouldBeUnique();
        journal.ShouldNotBeEmpty();
        await CheckAsync();
    }

    [Fact]
    public async Task Second_run_changes_nothing()
    {
        Migrate();
        var journal = await _database.ReadAsync(Journal);
        await _database.ExecuteAsync("insert into meta (name, value) values ('kept', 'x')");

        Migrate();

        (await _database.ReadAsync(Journal)).ShouldBe(journal);
        (await _database.ReadAsync("select name from meta")).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Database_without_a_schema_is_refused_with_what_to_run()
    {
        var refusal = await Should.ThrowAsync<StoreRefusedException>(CheckAsync);

        refusal.Message.ShouldContain("no schema");
        refusal.Message.ShouldContain("hookstream migrate");
    }

    [Fact]
    public async Task Older_schema_is_refused_with_what_to_run()
    {
        Migrate();
        await _database.ExecuteAsync($"update schema_compatibility set version = {SchemaMigrations.Version - 1}");

        var refusal = await Should.ThrowAsync<StoreRefusedException>(CheckAsync);

        refusal.Message.ShouldContain($"needs {SchemaMigrations.Version}");
        refusal.Message.ShouldContain("hookstream migrate");
    }

    [Fact]
    public async Task Schema_that_asks_for_a_newer_program_is_refused()
    {
        Migrate();
        var newer = SchemaMigrations.Version + 1;
        await _database.ExecuteAsync($"update schema_compatibility set version = {newer}, minimum = {newer}");

        var refusal = await Should.ThrowAsync<StoreRefusedException>(CheckAsync);

        refusal.Message.ShouldContain($"knows schema {newer}");
        refusal.Message.ShouldContain("newer version of Hookstream");
    }

    [Fact]
    public async Task Newer_schema_that_still_takes_this_program_is_accepted()
    {
        Migrate();
        await _database.ExecuteAsync($"update schema_compatibility set version = {SchemaMigrations.Version + 1}");

        await Should.NotThrowAsync(CheckAsync);
    }

    [Fact]
    public async Task Failing_migration_says_why_and_leaves_nothing_behind()
    {
        await _database.ExecuteAsync("create table events (in_the_way integer)");

        var refusal = Should.Throw<StoreRefusedException>(Migrate);

        refusal.Message.ShouldContain("events");
        (await _database.CountAsync("select count(*) from pg_tables where tablename = 'tenants'")).ShouldBe(0, "half a migration is none");
    }

    private void Migrate() => SchemaMigrations.Apply(StoreDatabases.ConnectionStringOf(_database.Url), NullLogger.Instance);

    private async Task CheckAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await SchemaMigrations.CheckAsync(source, TestContext.Current.CancellationToken);
    }
}
