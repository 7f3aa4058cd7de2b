using DbUp;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Brings the schema up to date, and tells whether this version of the program may use it.</summary>
internal static class SchemaMigrations
{
    /// <summary>The schema version that this program was written for.</summary>
    public const int Version = 10;

    private const string RunMigrate = "run `hookstream migrate` with the newest version's program";

    /// <summary>Applies what is missing. One at a time: a second process waits for the first.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL is away.</exception>
    /// <exception cref="StoreRefusedException">A migration failed, or PostgreSQL lets nobody in.</exception>
    public static void Apply(string connectionString, ILogger logger)
    {
        // A connection that goes back to a pool would keep the lock until somebody used it again.
        connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        using var alone = new NpgsqlConnection(connectionString);
        try
        {
            alone.Open();
            using var command = new NpgsqlCommand("select pg_advisory_lock(7241002)", alone) { CommandTimeout = 600 };
            command.ExecuteNonQuery();
        }
        catch (NpgsqlException exception)
        {
            throw PostgresFailure.OfOpening(exception);
        }

        var result = DeployChanges.To
            .PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(typeof(SchemaMigrations).Assembly)
            .WithTransactionPerScript()
            // An index of a long history takes longer than any limit that would be right for a short one.
            .WithExecutionTimeout(TimeSpan.Zero)
            .JournalToPostgresqlTable("public", "schema_migrations")
            .LogTo(new StepLog(logger))
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
            throw new StoreRefusedException($"the schema could not be brought up to date: {result.Error.Message}", result.Error);
    }

    /// <exception cref="StoreRefusedException">The schema is older than this program needs, or asks for a newer one.</exception>
    public static async Task CheckAsync(NpgsqlDataSource sessions, CancellationToken cancellation)
    {
        await using var connection = await sessions.OpenConnectionAsync(cancellation);
        await CheckAsync(connection, cancellation);
    }

    /// <exception cref="StoreRefusedException">The schema is older than this program needs, or asks for a newer one.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.Command("select version, minimum from schema_compatibility");
        try
        {
            await using var row = await command.ExecuteReaderAsync(cancellation);
            if (await row.ReadAsync(cancellation))
                Compare(row.GetInt32(0), row.GetInt32(1));
            else
                throw Older(null);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw Older(null);
        }
    }

    private static void Compare(int version, int minimum)
    {
        if (version < Version)
            throw Older(version);
        if (minimum > Version)
        {
            throw new StoreRefusedException(
                $"the database has schema {version}, which needs a program that knows schema {minimum}; this one knows {Version}: "
                + "run a newer version of Hookstream");
        }
    }

    private static StoreRefusedException Older(int? version) => new(
        version is null
            ? $"the database has no schema of Hookstream's yet: {RunMigrate}"
            : $"the database has schema {version}, this program needs {Version}: {RunMigrate}");

    private sealed class StepLog(ILogger logger) : IUpgradeLog
    {
        public void LogTrace(string format, params object[] args) => Say(format, args);

        public void LogDebug(string format, params object[] args) => Say(format, args);

        public void LogInformation(string format, params object[] args) => Say(format, args);

        public void LogWarning(string format, params object[] args) => Say(format, args);

        public void LogError(string format, params object[] args) => Say(format, args);

        public void LogError(Exception ex, string format, params object[] args) => Say(format, args);

        private void Say(string format, object[] args) =>
            Log.MigrationStep(logger, string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
    }
}
