using Hookstream.TestServers.Postgres;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>The same on PostgreSQL.</summary>
public class PostgresSharedServer : SharedServer
{
    /// <summary>Databases for tests that start servers of their own. Skips the test where there is no PostgreSQL (in CI: fails).</summary>
    internal DeploymentDatabases Databases { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Databases.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The settings of another server of this kind, on a database of its own.</summary>
    internal virtual Task<(string Name, string Value)[]> NewSettingsAsync() => Databases.NewSettingsAsync();

    private protected override async Task<ServerProcess?> StartServerAsync()
    {
        await Databases.InitializeAsync();
        if (!Databases.Available)
            return null;
        return await ServerProcess.StartAsync([.. await NewSettingsAsync(), .. Settings]);
    }

    private protected override Exception NotThere()
    {
        if (PostgresServer.Missing is { } reason)
            MissingServer.Report(reason);
        return base.NotThere();
    }
}
