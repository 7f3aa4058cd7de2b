using System.CommandLine;
using Hookstream.Server.Commands.Connection;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Healthcheck;

internal static class HealthcheckCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Build(CommandHost host, GlobalOptions globals)
    {
        var command = new Command("healthcheck", "Ask the server on this machine whether it is ready; exit code 0 or 1, for containers");
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.InvocationConfiguration, parsed.GetValue(globals.Json));
            return CommandGuard.RunAsync(output, async () =>
            {
                // Not HOOKSTREAM_URL: a container's health is that of the process inside it.
                var url = parsed.GetValue(globals.Url);
                var address = url is null ? ServerAddress.Local(host) : ServerAddress.Resolve(host, url);
                await CheckAsync(address, output, cancellationToken).ConfigureAwait(false);
                return CommandLine.Success;
            });
        });
        return command;
    }

    private static async Task CheckAsync(Uri address, CommandOutput output, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        try
        {
            using var response = await http.GetAsync(new Uri(address, "/health/ready"), cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new CommandFailure($"{address} is not ready: HTTP {(int)response.StatusCode}");
            if (output.Json)
                output.WriteJson(new { Ready = true });
            else
                output.WriteLine($"{address} is ready");
        }
        catch (HttpRequestException exception)
        {
            throw new CommandFailure(ConnectionProblem.Describe(exception, address));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(ConnectionProblem.DescribeTimeout(address));
        }
    }
}
