using System.CommandLine;
using Hookstream.Client;
using Hookstream.Server.Commands.Connection;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands;

/// <summary>Runs the body of a command with a client, and turns what goes wrong into one clear message and an exit code.</summary>
internal sealed class ApiCommands(CommandHost host, GlobalOptions globals)
{
    public CommandHost Host => host;

    public void Run(Command command, Func<CommandSession, CancellationToken, Task> body, bool admin = false) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, body, admin, cancellationToken));

    private async Task<int> RunAsync(
        ParseResult parsed,
        Func<CommandSession, CancellationToken, Task> body,
        bool admin,
        CancellationToken cancellationToken)
    {
        var output = new CommandOutput(parsed.InvocationConfiguration, parsed.GetValue(globals.Json));
        return await CommandGuard.RunAsync(output, () => ConnectAsync(parsed, output, body, admin, cancellationToken))
            .ConfigureAwait(false);
    }

    private async Task<int> ConnectAsync(
        ParseResult parsed,
        CommandOutput output,
        Func<CommandSession, CancellationToken, Task> body,
        bool admin,
        CancellationToken cancellationToken)
    {
        var address = ServerAddress.Resolve(host, parsed.GetValue(globals.Url));
        var tenant = parsed.GetValue(globals.Tenant);
        var token = await AccessToken
            .ResolveAsync(host, parsed.GetValue(globals.Token), admin || tenant is not null, cancellationToken)
            .ConfigureAwait(false);
        using var connection = new ServerConnection(address, token, tenant);
        try
        {
            await body(new CommandSession(parsed, connection.Client, output), cancellationToken).ConfigureAwait(false);
            return CommandLine.Success;
        }
        catch (HookstreamApiException exception)
        {
            throw new CommandFailure(ConnectionProblem.Describe(exception, token));
        }
        catch (HttpRequestException exception)
        {
            throw new CommandFailure(ConnectionProblem.Describe(exception, address));
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw new CommandFailure(ConnectionProblem.DescribeTimeout(address));
        }
    }
}
