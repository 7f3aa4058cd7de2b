using System.CommandLine;
using Hookstream.Storage.Postgres;
using Hookstream.Storage.Sqlite;

namespace Hookstream.Server.Hosting;

/// <summary><c>hookstream migrate</c>: brings the schema up to date without starting the service.</summary>
internal static class MigrateCommand
{
    public static Command Build()
    {
        var command = new Command("migrate", "Bring the store's schema up to date; serve does so itself when embedded");
        command.SetAction((_, _) => ServeCommand.WithSettingsAsync(null, async (settings, loggers) =>
        {
            if (settings.Database is { } database)
            {
                PostgresStore.Migrate(database.ConnectionString, loggers);
                await Console.Out.WriteLineAsync("The schema in PostgreSQL is up to date.");
                return 0;
            }

            SqliteStore.Migrate(settings.DataDirectory, loggers);
            await Console.Out.WriteLineAsync($"The schema in {Path.GetFullPath(settings.DataDirectory)} is up to date.");
            return 0;
        }));
        return command;
    }
}
