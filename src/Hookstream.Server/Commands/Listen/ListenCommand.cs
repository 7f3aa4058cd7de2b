using System.CommandLine;
using Hookstream.Client.Webhooks;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Listen;

internal static class ListenCommand
{
    private const int DefaultPort = 9000;
    private const int LongestDelayMs = 600_000;

    public static Command Build(CommandHost host, GlobalOptions globals)
    {
        var port = new Option<int>("--port")
        {
            Description = "Where to listen on 127.0.0.1; 0: any free port",
            DefaultValueFactory = _ => DefaultPort,
            HelpName = "PORT",
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > ushort.MaxValue)
                result.AddError("--port is a number from 0 to 65535");
        });
        var events = Symbols.List("--events", "Types to receive: payment.completed, payment.*, or *. Default: *", "TYPES");
        var failRate = new Option<double>("--fail-rate") { Description = "Answer this share of deliveries with 500, 0 to 1", HelpName = "P" };
        failRate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
                result.AddError("--fail-rate is a number from 0 to 1");
        });
        var delay = new Option<int>("--delay") { Description = "Wait this long before answering a delivery", HelpName = "MS" };
        delay.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > LongestDelayMs)
                result.AddError($"--delay is a number of milliseconds from 0 to {LongestDelayMs}");
        });
        var noRegister = new Option<bool>("--no-register") { Description = "Register no subscriber; deliveries may come to any path" };
        var secret = Symbols.Text("--secret", "With --no-register: the secret to verify signatures by", "SECRET");
        secret.Validators.Add(result => ValidateSecret(result, noRegister));

        var command = new Command("listen", "Receive webhooks here, verify and show them: a receiver for development")
        {
            port, events, failRate, delay, noRegister, secret,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.InvocationConfiguration, parsed.GetValue(globals.Json));
            var options = new ListenOptions(
                parsed.GetValue(port),
                parsed.GetValue(events) is { Length: > 0 } given ? given : ["*"],
                parsed.GetValue(failRate),
                TimeSpan.FromMilliseconds(parsed.GetValue(delay)),
                !parsed.GetValue(noRegister),
                parsed.GetValue(secret));
            var registration = options.Register
                ? new ListenRegistration(
                    host, parsed.GetValue(globals.Url), parsed.GetValue(globals.Token), parsed.GetValue(globals.Tenant), output)
                : null;
            return CommandGuard.RunAsync(
                output, () => new ListenSession(options, registration, output, host.TimeProvider).RunAsync(cancellationToken));
        });
        return command;
    }

    private static void ValidateSecret(System.CommandLine.Parsing.OptionResult result, Option<bool> noRegister)
    {
        if (!result.GetValue(noRegister))
        {
            result.AddError("--secret goes with --no-register: without it, listen registers a subscriber with a secret of its own");
            return;
        }

        try
        {
            _ = new WebhookVerifier(result.GetValueOrDefault<string>() ?? "");
        }
        catch (ArgumentException)
        {
            result.AddError("--secret is standard base64 of 24 to 64 bytes, with or without the prefix whsec_");
        }
    }
}
