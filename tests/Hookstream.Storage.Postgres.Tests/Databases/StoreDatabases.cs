using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Storage.Postgres.Tests.Databases;

/// <summary>The server of this assembly, and databases with this store's schema.</summary>
public sealed class StoreDatabases : PostgresDatabases
{
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
        SchemaMigrations.Apply(ConnectionStringOf(url), NullLogger.Instance);
        return Task.CompletedTask;
    }
}
