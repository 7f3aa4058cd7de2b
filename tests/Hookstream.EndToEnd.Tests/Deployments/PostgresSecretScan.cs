using Hookstream.EndToEnd.Tests.Secrets;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>The same search where the store is PostgreSQL: all rows of all tables.</summary>
public abstract class PostgresSecretScan(PostgresSharedServer shared) : SecretScanTests
{
    private (string Name, string Value)[] _settings = [];

    private protected override string Store => "the table";

    private protected override async Task<(string Name, string Value)[]> NewSettingsAsync() =>
        _settings = await shared.NewSettingsAsync();

    private protected override string EncryptionKeyOf(ServerProcess server) => Setting("HOOKSTREAM_ENCRYPTION_KEY");

    private protected override async Task LookAtStoreAsync(SecretScan scan, ServerProcess server)
    {
        var rows = await StoredRows.ReadAsync(Setting("DATABASE_URL"));
        rows.ShouldNotBeEmpty();
        foreach (var (table, row) in rows)
            scan.Look($"the table {table}", row);
        // Nothing is kept there with PostgreSQL.
        Directory.EnumerateFileSystemEntries(server.DataDirectory).ShouldBeEmpty();
    }

    private string Setting(string name) => _settings.Single(setting => setting.Name == name).Value;
}
