using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Tests;

/// <summary>What only this back end has, tested with the steps of the suites that all back ends share.</summary>
public abstract class SqliteSuite : StoreSuite
{
    private protected TemporaryDataDirectory Data => ((SqliteStoreUnderTest)Store).Data;

    private protected virtual ILoggerFactory? Loggers => null;

    protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
        SqliteStoreUnderTest.CreateAsync(time, verification, Configure, Loggers);

    private protected virtual SqliteStoreOptions Configure(SqliteStoreOptions options) => options;

    /// <summary>Keeps the store's writer waiting, as a slow disk would, until it is disposed (or 5 s, then commits fail).</summary>
    private protected SqliteConnection BlockWriter()
    {
        var connection = Data.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "begin immediate";
        command.ExecuteNonQuery();
        return connection;
    }
}
