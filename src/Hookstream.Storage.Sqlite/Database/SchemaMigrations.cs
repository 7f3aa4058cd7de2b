using DbUp;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Database;

/// <summary>Brings the schema up to date with the numbered scripts beside this file, forward only.</summary>
internal static class SchemaMigrations
{
    public static void Apply(string path, ILogger logger)
    {
        var upgrade = DeployChanges.To
            .SqliteDatabase($"Data Source={path};Pooling=False")
            .WithScriptsEmbeddedInAssembly(
                typeof(SchemaMigrations).Assembly,
                name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogTo(new UpgradeLog(logger))
            .Build();
        Refuse(path, upgrade.GetExecutedButNotDiscoveredScripts());
        var result = upgrade.PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreUnavailableException(
                $"the schema of {path} could not be brought up to date: {result.ErrorScript?.Name}: {result.Error.Message}",
                result.Error);
        }
    }

    // A version that does not know a migration does not know what it changed, and would write what a later one misreads.
    private static void Refuse(string path, List<string> unknown)
    {
        if (unknown.Count == 0)
            return;
        throw new StoreUnavailableException(
            $"the schema of {path} is newer than this version of Hookstream, which does not know its migration "
            + $"{unknown[^1]}; run the version that last used this data directory, or a later one");
    }

    private sealed class UpgradeLog(ILogger logger) : IUpgradeLog
    {
        public void LogTrace(string format, params object[] args) => Write(format, args);

        public void LogDebug(string format, params object[] args) => Write(format, args);

        public void LogInformation(string format, params object[] args) => Write(format, args);

        public void LogWarning(string format, params object[] args) => Write(format, args);

        public void LogError(string format, params object[] args) => Write(format, args);

        public void LogError(Exception ex, string format, params object[] args) => Write(format, args);

        private void Write(string format, object[] args) =>
            Log.MigrationStep(logger, string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
    }
}
