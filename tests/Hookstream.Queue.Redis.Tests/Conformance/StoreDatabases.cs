using Hookstream.Storage.Postgres;
using Hookstream.Storage.Postgres.Database;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Queue.Redis.Tests.Conformance;

/// <summary>The PostgreSQL server of this assembly, and databases with the store's schema.</summary>
public sealed class StoreDatabases : PostgresDatabases
{
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
