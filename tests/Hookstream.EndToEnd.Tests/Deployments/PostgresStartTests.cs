using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Postgres;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>Starting on PostgreSQL: what is refused, what is waited for, and who does what.</summary>
public sealed class PostgresStartTests(PostgresSharedServer shared)
{
    private const int ConfigurationError = 78;

    [Fact]
    public async Task Database_without_a_schema_is_refused_with_what_to_run()
    {
        await using var database = await shared.Databases.CreateEmptyAsync();
        await using var server = new ServerProcess(DeploymentDatabases.SettingsOf(database.Url));

        var (exitCode, output) = await server.RunToEndAsync(DeploymentDatabases.SettingsOf(database.Url));

        exitCode.ShouldBe(1, output);
        output.ShouldContain("hookstream migrate");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Wrong_encryption_key_is_refused()
    {
        var settings = await shared.Databases.NewSettingsAsync();
        await using (var server = await ServerProcess.StartAsync(settings))
            (await server.StopAsync()).ShouldBe(0);

        await using var second = new ServerProcess();
        var url = settings.Single(setting => setting.Name == "DATABASE_URL").Value;
        var (exitCode, output) = await second.RunToEndAsync(DeploymentDatabases.SettingsOf(url));

        exitCode.ShouldBe(ConfigurationError, output);
        output.ShouldContain("HOOKSTREAM_ENCRYPTION_KEY");
    }

    [Fact]
    public async Task What_is_missing_is_told_all_at_once()
    {
        await using var server = new ServerProcess();

        var (exitCode, output) = await server.RunToEndAsync(("DATABASE_URL", "postgresql://127.0.0.1/hooks?sslmode=yes"));

        exitCode.ShouldBe(ConfigurationError, output);
        output.ShouldContain("DATABASE_URL: its parameter sslmode");
        output.ShouldContain("HOOKSTREAM_ENCRYPTION_KEY: it is required");
        output.ShouldContain("API_TOKEN: it or HOOKSTREAM_ADMIN_TOKEN is required");
    }

    [Fact]
    public async Task Server_that_starts_before_PostgreSQL_waits_for_it_and_says_so_once()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        var settings = DeploymentDatabases.SettingsOf(postgres.UrlOf("postgres"));
        await using var server = new ServerProcess(settings);
        var (migrated, output) = await server.RunToEndAsync(["migrate"], settings);
        migrated.ShouldBe(0, output);
        await postgres.StopAsync();

        server.Launch();

        await server.Log.WaitForAsync("Waiting for the store");
        await Eventually.TrueAsync(async () => await StatusAsync(server, "/health/live") == 200, () => "the process to say that it lives");
        (await StatusAsync(server, "/health/ready")).ShouldBe(503);
        (await StatusAsync(server, "/api/v1/events")).ShouldBe(503);
        await postgres.StartAsync();
        await server.WaitUntilReadyAsync();
        await server.Log.WaitForAsync("The store is there");
        server.Log.Since(0).Count(line => line.Contains("Waiting for the store", StringComparison.Ordinal)).ShouldBe(1);
        server.Log.Problems().ShouldBeEmpty();
        (await server.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Server_that_waits_for_PostgreSQL_can_be_stopped()
    {
        var settings = DeploymentDatabases.SettingsOf($"postgresql://127.0.0.1:{FreePort.Find()}/hooks");
        await using var server = new ServerProcess(settings);
        server.Launch();
        await server.Log.WaitForAsync("Waiting for the store");
        await Eventually.TrueAsync(async () => await StatusAsync(server, "/health/live") == 200, () => "the process to say that it lives");

        (await server.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Api_takes_events_and_a_worker_delivers_them()
    {
        await using var receiver = await Receiver.StartAsync();
        var settings = await shared.Databases.NewSettingsAsync();
        await using var api = new ServerProcess(settings);
        await using var worker = new ServerProcess([.. settings.Where(setting => !setting.Name.EndsWith("TOKEN", StringComparison.Ordinal))]);
        api.Launch("--role", "api");
        await api.WaitUntilReadyAsync();
        var tenant = await TenantApi.CreateAsync(api.Http, api.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint, settings: new { verification = "none" });
        var posted = await tenant.PostAsync("order.paid");
        var own = new ApiClient(api.Http, api.ApiToken);

        worker.Launch("--role", "worker");
        await worker.WaitUntilReadyAsync();

        (await endpoint.WaitForAsync(1))[0].EventId.ShouldBe(posted.Id);
        (await StatusAsync(worker, "/health")).ShouldBe(200);
        (await StatusAsync(worker, "/health/live")).ShouldBe(200);
        (await StatusAsync(worker, "/api/v1/events")).ShouldBe(404);
        (await StatusAsync(worker, "/docs")).ShouldBe(404);
        (await own.GetAsync("/api/v1/events")).Data();
    }

    [Fact]
    public async Task Misspelt_setting_is_warned_of()
    {
        await using var server = await ServerProcess.StartAsync(
            [.. await shared.Databases.NewSettingsAsync(), ("HOOKSTREAM_RETRY_SHEDULE", "0s,1s")]);

        await server.Log.WaitForAsync("HOOKSTREAM_RETRY_SHEDULE is no setting");
        await server.Log.WaitForAsync("HOOKSTREAM_RETRY_SCHEDULE");
    }

    private static async Task<int> StatusAsync(ServerProcess server, string path)
    {
        try
        {
            using var answer = await server.Http.GetAsync(path, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
