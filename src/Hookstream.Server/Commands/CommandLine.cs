using System.CommandLine;
using System.CommandLine.Invocation;
using Hookstream.Server.Commands.Deliveries;
using Hookstream.Server.Commands.Encryption;
using Hookstream.Server.Commands.Healthcheck;
using Hookstream.Server.Commands.Keys;
using Hookstream.Server.Commands.Listen;
using Hookstream.Server.Commands.Send;
using Hookstream.Server.Commands.Statistics;
using Hookstream.Server.Commands.Subscribers;
using Hookstream.Server.Commands.Tenants;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands;

internal static class CommandLine
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    // `--data @file` is ours: response files would splice the file's words into the command line.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>The whole command line but the commands that start or change the service itself, which the composition
    /// root adds.</summary>
    public static RootCommand Build(CommandHost host, params IEnumerable<Command> serviceCommands)
    {
        var globals = new GlobalOptions();
        var root = new RootCommand("Hookstream: a self-hosted webhook delivery engine");
        globals.AddTo(root);
        foreach (var command in serviceCommands)
            root.Add(command);

        var api = new ApiCommands(host, globals);
        root.Add(ListenCommand.Build(host, globals));
        root.Add(SendCommand.Build(api));
        root.Add(SubscribersCommand.Build(api));
        root.Add(DeliveriesCommand.Build(api));
        root.Add(KeysCommand.Build(api));
        root.Add(StatsCommand.Build(api));
        root.Add(TenantsCommand.Build(api));
        root.Add(EncryptionCommand.Build(api));
        root.Add(HealthcheckCommand.Build(host, globals));
        return root;
    }

    /// <summary>Parses and runs; gives the exit code: 2 for wrong usage, else what the command answers.</summary>
    public static async Task<int> RunAsync(
        RootCommand root,
        IReadOnlyList<string> arguments,
        InvocationConfiguration? configuration = null,
        CancellationToken cancellationToken = default)
    {
        // Long-running commands take the signals themselves: the default handler gives them two seconds and then kills.
        configuration ??= new InvocationConfiguration();
        configuration.ProcessTerminationTimeout = null;

        var parsed = root.Parse(arguments, Parsing);
        if (parsed.Errors.Count > 0)
        {
            await ReportUsageAsync(root, parsed, configuration, cancellationToken).ConfigureAwait(false);
            return Usage;
        }

        return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReportUsageAsync(
        RootCommand root, ParseResult parsed, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        if (parsed.CommandResult.Command.Subcommands.Count > 0
            && parsed.UnmatchedTokens.Count == 0
            && parsed.Action is ParseErrorAction)
        {
            // `hookstream` or `hookstream keys` alone asks what there is.
            await root.Parse([.. Path(parsed), "--help"], Parsing).InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A word that is no command also counts as a missing command: one message about one mistake.
        var mistyped = parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command.Subcommands.Count > 0;
        var messages = mistyped
            ? parsed.UnmatchedTokens.Take(1).Select(token =>
                $"There is no command '{TerminalText.Clean(token)}'; there are "
                + string.Join(", ", parsed.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)))
            : parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal);
        foreach (var message in messages)
            await configuration.Error.WriteLineAsync($"error: {message}").ConfigureAwait(false);
        await configuration.Error
            .WriteLineAsync($"See: {string.Join(' ', Path(parsed).Prepend("hookstream"))} --help")
            .ConfigureAwait(false);
    }

    private static Stack<string> Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } result)
                names.Push(result.Command.Name);
        }

        return names;
    }
}
