using System.Globalization;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Postgres;
using Hookstream.TestServers.Redis;
using Npgsql;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>One API process and three workers on servers of their own, with two subscribers of one tenant.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    public const int WorkerCount = 3;

    /// <summary>Sends in flight of one worker: enough for one alone to have the whole stream, if the receiver is quick.</summary>
    public const int WorkerConcurrency = 64;

    /// <summary>How long a claim lasts unless renewed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public static readonly string[] Paths = ["/first", "/second"];

    private const string Leases = "{hookstream}:leases";

    private FaultCluster()
    {
    }

    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>Null: PostgreSQL is the queue.</summary>
    public RedisServer? Redis { get; private set; }

    public CountingReceiver Receiver { get; private set; } = null!;

    public ServerProcess Api { get; private set; } = null!;

    public List<ServerProcess> Workers { get; } = [];

    public TenantApi Tenant { get; private set; } = null!;

    public IEnumerable<ServerProcess> Processes => [Api, .. Workers];

    /// <param name="deployment">Where the queue is.</param>
    /// <param name="ofFirstWorker">Settings of the first worker alone.</param>
    public static async Task<FaultCluster> StartAsync(
        FaultDeployment deployment, params (string Name, string Value)[] ofFirstWorker)
    {
        var cluster = new FaultCluster();
        try
        {
            await cluster.StartServersAsync(deployment);
            await cluster.StartProcessesAsync(ofFirstWorker);
            cluster.Tenant = await TenantApi.CreateAsync(cluster.Api.Http, cluster.Api.AdminToken);
            foreach (var path in Paths)
                await cluster.SubscribeAsync(path);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first column of the only row, by a session beside the program's.</summary>
    public async Task<T> ReadAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Attempts that did not deliver, but for those that came too late to count.</summary>
    public async Task<IReadOnlyList<string>> FailedAttemptsAsync() =>
        await ReadAsync<string[]>(
            """
            select array(
                select concat_ws(' ', delivery, number, started_at, 'outcome', outcome, error)
                from attempts
                where outcome <> 0 and not late
                order by started_at)
            """);

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={Postgres.Port};Username={PostgresServer.User};Database=postgres;Pooling=false;Timeout=5");
        await connection.OpenAsync();
        return connection;
    }

    public async Task<DateTimeOffset> StoreTimeAsync() =>
        new(await ReadAsync<DateTime>("select clock_timestamp()"), TimeSpan.Zero);

    /// <summary>Deliveries that were claimed before that time, by the store's clock, and have neither been settled nor renewed.</summary>
    public async Task<int> LeasedBeforeAsync(DateTimeOffset time)
    {
        var end = time + Lease;
        return Redis is null
            ? (int)await ReadAsync<long>("select count(*) from unfinished where lease_until <= $1", end.UtcDateTime)
            : Number(await Redis.CommandAsync($"ZCOUNT {Leases} -inf {end.ToUnixTimeMilliseconds()}"));
    }

    /// <summary>
    /// What is leased in Redis at this moment, after which nothing is written there any more for as long as it lives: to be
    /// called right before it is ended.
    /// </summary>
    public async Task<int> FreezeRedisLeasesAsync()
    {
        await Redis!.CommandAsync("CLIENT PAUSE 60000 WRITE");
        return Number(await Redis.CommandAsync($"ZCARD {Leases}"));
    }

    /// <summary>Empties Redis.</summary>
    /// <returns>What was leased in it at that moment.</returns>
    public async Task<int> EmptyRedisAsync()
    {
        var answers = await Redis!.CommandsAsync("MULTI", $"ZCARD {Leases}", "FLUSHALL", "EXEC");
        // After those of MULTI and of the two queued: that of EXEC, an array of both.
        return Number(answers[4]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Workers)
            await process.DisposeAsync();
        if (Api is not null)
            await Api.DisposeAsync();
        if (Receiver is not null)
            await Receiver.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
        if (Postgres is not null)
            await Postgres.DisposeAsync();
    }

    /// <summary>Has both endpoints wait, or go on.</summary>
    public async Task PauseAsync(bool paused)
    {
        foreach (var subscriber in await Tenant.ListAsync("/api/v1/subscribers"))
            (await Tenant.Api.PatchAsync($"/api/v1/subscribers/{subscriber.Text("id")}/{(paused ? "pause" : "resume")}")).ShouldHaveStatus(200);
    }

    private static int Number(string answer) => int.Parse(answer.TrimStart(':'), CultureInfo.InvariantCulture);

    private async Task StartServersAsync(FaultDeployment deployment)
    {
        Receiver = await CountingReceiver.StartAsync();
        Postgres = await PostgresServer.StartNewAsync(new PostgresServerOptions { Durable = true });
        if (deployment == FaultDeployment.PostgresAndRedis)
            Redis = await RedisServer.StartNewAsync();
    }

    private async Task StartProcessesAsync((string Name, string Value)[] ofFirstWorker)
    {
        (string Name, string Value)[] settings =
        [
            .. DeploymentDatabases.SettingsOf(Postgres.UrlOf("postgres")),
            .. Redis is null ? [] : new[] { ("REDIS_URL", Redis.Url) },
            ("WORKER_CONCURRENCY", $"{WorkerConcurrency}"),
            ("HOOKSTREAM_ENDPOINT_CONCURRENCY", $"{WorkerConcurrency / 2}"),
            // Sends and attempts are not written down: what is in the log is trouble.
            ("LOG_LEVEL", "warn"),
        ];
        var ofWorkers = settings.Where(setting => !setting.Name.EndsWith("TOKEN", StringComparison.Ordinal)).ToArray();
        Api = new ServerProcess(settings);
        var (migrated, output) = await Api.RunToEndAsync(["migrate"], settings);
        migrated.ShouldBe(0, output);
        for (var i = 0; i < WorkerCount; i++)
            Workers.Add(new ServerProcess([.. ofWorkers, .. i == 0 ? ofFirstWorker : []]));
        Api.Launch("--role", "api");
        Workers.ForEach(worker => worker.Launch("--role", "worker"));
        foreach (var process in Processes)
            await process.WaitUntilReadyAsync();
    }

    private async Task SubscribeAsync(string path)
    {
        var created = await Tenant.Api.PostAsync(
            "/api/v1/subscribers", new { url = Receiver.UrlOf(path).ToString(), events = new[] { "*" }, verification = "none" });
        created.ShouldHaveStatus(201);
    }
}
