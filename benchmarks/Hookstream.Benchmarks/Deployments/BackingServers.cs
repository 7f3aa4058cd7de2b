using System.Globalization;
using System.Security.Cryptography;
using Hookstream.Benchmarks.Report;
using Hookstream.TestServers.Postgres;
using Hookstream.TestServers.Redis;
using Npgsql;

namespace Hookstream.Benchmarks.Deployments;

/// <summary>
/// The PostgreSQL and the Redis of a run: the machine's own programs on free ports, PostgreSQL with its defaults but for the
/// size of its log between checkpoints. Commits reach the disk. Each server under test gets a database, and a number in Redis, of its own.
/// </summary>
internal sealed class BackingServers : IAsyncDisposable
{
    private const string Postgres = "PostgreSQL";
    private const string MaintenanceDatabase = "postgres";

    private PostgresServer? _postgres;
    private RedisServer? _redis;
    private readonly List<MachineFact> _facts = [];
    private int _databases;

    /// <summary>Which they are; nothing of those that were not needed.</summary>
    public IReadOnlyList<MachineFact> Facts => _facts;

    /// <summary>Settings of a server under test on databases that nobody else uses.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(Deployment deployment)
    {
        var settings = new Dictionary<string, string>();
        var number = _databases++;
        if (deployment.UsesPostgres)
        {
            settings["DATABASE_URL"] = await CreateDatabaseAsync(number);
            settings["API_TOKEN"] = $"benchmark-{Guid.NewGuid():N}";
            settings["HOOKSTREAM_ENCRYPTION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        }

        if (deployment.UsesRedis)
        {
            await StartRedisAsync();
            settings["REDIS_URL"] = _redis!.Url;
            settings["HOOKSTREAM_REDIS_PREFIX"] = string.Create(CultureInfo.InvariantCulture, $"benchmark{number}");
        }

        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    private async Task StartPostgresAsync()
    {
        if (_postgres is not null)
            return;
        if (PostgresServer.Missing is { } missing)
            throw new BenchmarkException(missing);
        _postgres = await PostgresServer.StartNewAsync(new PostgresServerOptions
        {
            Durable = true,
            MaxConnections = 100,
            Settings = new Dictionary<string, string> { ["wal_level"] = "replica" },
        });
    }

    private async Task StartRedisAsync()
    {
        if (_redis is not null)
            return;
        if (RedisServer.Missing is { } missing)
            throw new BenchmarkException(missing);
        _redis = await RedisServer.StartNewAsync();
        var info = await _redis.CommandsAsync("INFO server");
        var version = info.FirstOrDefault(line => line.StartsWith("redis_version:", StringComparison.Ordinal));
        _facts.Add(new MachineFact("Redis", version?.Split(':')[1].Trim() ?? "unknown"));
    }

    private async Task<string> CreateDatabaseAsync(int number)
    {
        await StartPostgresAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"benchmark{number}");
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={_postgres!.Port};Username={PostgresServer.User};Database={MaintenanceDatabase};Pooling=false");
        await connection.OpenAsync();
        if (_facts.TrueForAll(fact => fact.Name != Postgres))
            _facts.Insert(0, new MachineFact(Postgres, connection.ServerVersion));
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return _postgres.UrlOf(name);
    }
}
