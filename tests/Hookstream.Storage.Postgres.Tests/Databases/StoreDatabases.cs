using System.Collections.Concurrent;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Storage.Postgres.Tests.Databases;

/// <summary>The server of this assembly, and databases with this store's schema.</summary>
public sealed class StoreDatabases : PostgresDatabases
{
    // Emptying one costs a tenth of making one.
    private const string Empty =
        """
        delete from attempts; delete from deliveries; delete from unfinished; delete from events;
        delete from idempotency_keys; delete from bulk_replays; delete from api_keys; delete from subscribers;
        delete from tenants; delete from leaders; delete from meta; delete from retired_days; delete from statistics
        """;

    private readonly ConcurrentBag<PostgresDatabase> _emptied = [];

    /// <summary>A database without rows, made or used before.</summary>
    public async Task<PostgresDatabase> RentAsync() =>
        _emptied.TryTake(out var database) ? database : await CreateAsync();

    /// <summary>Takes back a database whose schema nobody has changed.</summary>
    public async Task ReturnAsync(PostgresDatabase database)
    {
        await database.ExecuteAsync(Empty);
        _emptied.Add(database);
    }

    /// <summary>The fixture, for those that no constructor hands it to.</summary>
    public static async Task<StoreDatabases> CurrentAsync() =>
        await TestContext.Current.GetFixture<StoreDatabases>()
        ?? throw new InvalidOperationException("the assembly has no such fixture");

    /// <summary>The connection string that the store makes of the URL.</summary>
    public static string ConnectionStringOf(string url)
    {
        DatabaseUrl.TryParse(url, out var connectionString, out _).ShouldBeTrue();
        return connectionString;
    }

    protected override Task MigrateAsync(string url)
    {
        PostgresStore.Migrate(ConnectionStringOf(url), NullLoggerFactory.Instance);
        return Task.CompletedTask;
    }
}
