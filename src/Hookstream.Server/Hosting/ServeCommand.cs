using System.CommandLine;
using Hookstream.Core.Encryption;
using Hookstream.Core.Stores;
using Hookstream.Server.Configuration;

namespace Hookstream.Server.Hosting;

/// <summary><c>hookstream serve</c>: the service itself.</summary>
internal static class ServeCommand
{
    /// <summary>The exit code for a configuration that is not accepted (EX_CONFIG of sysexits.h).</summary>
    public const int BadConfiguration = 78;

    private const int CannotStart = 1;

    public static Command Build()
    {
        var role = new Option<string>("--role")
        {
            Description = "What this process does: all, api or worker",
            HelpName = "ROLE",
            DefaultValueFactory = _ => "all",
        };
        role.AcceptOnlyFromAmong([.. RoleWords.All.Keys]);
        var command = new Command("serve", "Run the service: API, workers and documentation pages") { role };
        command.SetAction((parsed, cancellation) => RunAsync(RoleWords.All[parsed.GetRequiredValue(role)], cancellation));
        return command;
    }

    /// <summary>Runs <paramref name="work"/> with the settings, and tells the operator what keeps it from starting.</summary>
    public static async Task<int> WithSettingsAsync(Role? role, Func<Settings, ILoggerFactory, Task<int>> work)
    {
        var sources = ReadSources(out var fileProblem);
        var reader = new SettingsReader(sources);
        var settings = SettingsLoader.Load(reader, role);
        if (settings is null || fileProblem is not null)
        {
            await Console.Error.WriteLineAsync("error: the configuration is not accepted");
            foreach (var problem in fileProblem is null ? reader.Problems : [fileProblem, .. reader.Problems])
                await Console.Error.WriteLineAsync($"  {problem}");
            return BadConfiguration;
        }

        using var loggers = LoggerFactory.Create(logging => JsonLogs.Configure(logging, settings.LogLevel));
        foreach (var (name, nearest) in UnknownSettings.Find(sources, reader.Known))
            Log.UnknownSetting(loggers.CreateLogger(typeof(ServeCommand)), name, nearest);
        try
        {
            return await work(settings, loggers);
        }
        catch (OperationCanceledException)
        {
            // Told to stop while it waited for its store.
            return 0;
        }
        catch (EncryptionKeyMismatchException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return BadConfiguration;
        }
        catch (Exception exception) when (exception
            is StartException or StoreRefusedException or StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return CannotStart;
        }
    }

    private static IConfiguration ReadSources(out string? problem)
    {
        const string File = "appsettings.json";
        problem = null;
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(File), optional: true)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (InvalidDataException exception)
        {
            problem = $"{File}: {exception.GetBaseException().Message}; accepted: a JSON object with the settings under \"Hookstream\"";
            return new ConfigurationBuilder().AddEnvironmentVariables().Build();
        }
    }

    private static Task<int> RunAsync(Role role, CancellationToken cancellation) =>
        WithSettingsAsync(role, async (settings, loggers) =>
        {
            await using (var service = await HookstreamService.StartAsync(settings, loggers, cancellation))
            {
                await StartBanner.WriteAsync(settings, service.Secrets);
                await service.WaitForShutdownAsync();
            }

            // The last line: a log that ends without it is that of a process that was killed.
            Log.Stopped(loggers.CreateLogger<HookstreamService>());
            return 0;
        });
}
