using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Postgres;
using Npgsql;

namespace Hookstream.EndToEnd.Tests.Health;

/// <summary>Readiness while PostgreSQL is away, and while its schema is not the program's.</summary>
public class StoreAwayTests(PostgresSharedServer shared)
{
    [Fact]
    public async Task Process_is_ready_again_when_PostgreSQL_is_back_with_the_schema_that_it_needs()
    {
        var queue = (await shared.NewSettingsAsync()).Where(setting => setting.Name.Contains("REDIS", StringComparison.Ordinal));
        await using var postgres = await PostgresServer.StartNewAsync();
        var url = postgres.UrlOf("postgres");
        (string, string)[] settings = [.. DeploymentDatabases.SettingsOf(url), .. queue];
        await using var server = new ServerProcess(settings);
        var (migrated, output) = await server.RunToEndAsync(["migrate"], settings);
        migrated.ShouldBe(0, output);
        await server.StartAgainAsync();
        var anonymous = new ApiClient(server.Http, null);
        var ready = (await anonymous.GetAsync("/health/ready")).Json;
        ready.Text("status").ShouldBe("ok");
        ready.GetProperty("store").GetProperty("latency_ms").GetDouble().ShouldBeGreaterThan(0);
        ready.GetProperty("queue").GetProperty("latency_ms").GetDouble().ShouldBeGreaterThan(0);

        await postgres.StopAsync();

        await ReadyAsync(503);
        var away = await anonymous.GetAsync("/health/ready");
        away.Json.Text("status").ShouldBe("unavailable");
        away.Json.GetProperty("store").Text("status").ShouldBe("unavailable");
        away.Json.GetProperty("store").IsNull("latency_ms").ShouldBeTrue();
        (await anonymous.GetAsync("/health")).Status.ShouldBe(503);
        (await anonymous.GetAsync("/health/live")).Status.ShouldBe(200);
        (await server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(1);
        await postgres.StartAsync();
        await ReadyAsync(200);

        await MoveSchemaAsync(url, -1);

        await ReadyAsync(503);
        await server.Log.WaitForAsync("run `hookstream migrate`");
        await MoveSchemaAsync(url, +1);
        await ReadyAsync(200);
        (await server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(0);

        Task ReadyAsync(int status) => Eventually.TrueAsync(
            async () => (await anonymous.GetAsync("/health/ready")).Status == status, () => $"readiness to answer {status}");
    }

    // As a database does that was restored from before a migration.
    private static async Task MoveSchemaAsync(string url, int by)
    {
        await using var connection = new NpgsqlConnection(PostgresDatabase.ConnectionStringOf(url));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"update schema_compatibility set version = version + {by}", connection);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }
}
