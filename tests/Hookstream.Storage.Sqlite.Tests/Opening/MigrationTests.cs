namespace Hookstream.Storage.Sqlite.Tests.Opening;

/// <summary>The schema goes forward only, each step once, and never under a version that does not know it.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string Journal = "select ScriptName from SchemaVersions order by SchemaVersionID";

    private readonly TemporaryDataDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Fresh_directory_gets_every_migration_in_order()
    {
        _data.Migrate();

        var scripts = typeof(SqliteStore).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        scripts.ShouldNotBeEmpty();
        _data.Read(Journal).ShouldBe(scripts);
        _data.Count("select count(*) from sqlite_master where name = 'deliveries'").ShouldBe(1);
    }

    [Fact]
    public async Task Second_run_changes_nothing()
    {
        _data.Migrate();
        await using (var store = await _data.OpenAsync())
            await store.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), TestContext.Current.CancellationToken);
        var schema = _data.Read("select coalesce(sql, '') from sqlite_master order by name");
        var journal = _data.Read(Journal);

        _data.Migrate();

        _data.Read("select coalesce(sql, '') from sqlite_master order by name").ShouldBe(schema);
        _data.Read(Journal).ShouldBe(journal);
        _data.Read("select name from tenants").ShouldBe(["acme"]);
    }

    [Fact]
    public void What_has_failed_moves_to_the_lane_of_retries_of_its_priority()
    {
        _data.Migrate();
        _data.Execute(
            """
            with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 11)
            insert into deliveries (tenant, id, event, subscriber, status, class, due, waiting_since, created_at, failures)
            select 1, n, n, 1, min(n / 4, 1), n % 4, 0, 0, 0, n / 4
            from numbers
            union all
            select 1, 100, 100, 1, 3, 1, 0, 0, 0, 5
            """);
        _data.Execute("delete from SchemaVersions where ScriptName like '%0006%'");

        _data.Migrate();

        _data.Read("select class || ' ' || failures from deliveries where status < 2 order by class, failures").ShouldBe(
            ["0 0", "1 0", "2 0", "3 0", "4 1", "4 2", "5 1", "5 2", "6 1", "6 2", "7 1", "7 2"]);
        _data.Count("select class from deliveries where status = 3").ShouldBe(1, "history stays as it is");
    }

    [Fact]
    public async Task Newer_schema_is_refused_with_what_to_run()
    {
        _data.Migrate();
        _data.Execute(
            """
            insert into SchemaVersions (ScriptName, Applied)
            values ('Hookstream.Storage.Sqlite.Database.Migrations.9999_from_the_future.sql', '2030-01-01')
            """);

        var opening = await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());
        var migrating = Should.Throw<StoreUnavailableException>(_data.Migrate);

        foreach (var refusal in new[] { opening, migrating })
        {
            refusal.Message.ShouldContain(_data.Database);
            refusal.Message.ShouldContain("9999_from_the_future");
            refusal.Message.ShouldContain("run the version");
        }
    }

    [Fact]
    public async Task Directory_is_free_again_after_a_refusal()
    {
        _data.Migrate();
        _data.Execute("insert into SchemaVersions (ScriptName, Applied) values ('9999.sql', '2030-01-01')");
        await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());
        _data.Execute("delete from SchemaVersions where ScriptName = '9999.sql'");

        await using var store = await _data.OpenAsync();

        (await store.Maintenance.CheckAsync(TestContext.Current.CancellationToken)).Up.ShouldBeTrue();
    }

    [Fact]
    public async Task Failing_migration_says_which_and_why()
    {
        Directory.CreateDirectory(_data.Path);
        _data.Execute("create table events (in_the_way integer)");

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());

        refusal.Message.ShouldContain("0001_initial");
        refusal.Message.ShouldContain("events");
        _data.Count("select count(*) from sqlite_master where name = 'tenants'").ShouldBe(0, "half a migration is none");
    }
}
