using System.CommandLine;
using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Telemetry;

namespace Hookstream.Benchmarks.CommandLine;

/// <summary>What this program is as the other processes of a run.</summary>
internal static class HiddenRoles
{
    public static IEnumerable<Command> Commands()
    {
        yield return ListeningCommand(BareKestrel.Role, BareKestrel.RunAsync);
        yield return ListeningCommand(ReceiverHost.Role, ReceiverHost.RunAsync);
        yield return ListeningCommand(SpanSink.Role, SpanSink.RunAsync);
        yield return SendingCommand(BareSender.Role, BareSender.RunAsync);
        yield return SendingCommand(BareRelay.Role, BareRelay.RunAsync);
    }

    private static Command ListeningCommand(string role, Func<CancellationToken, Task> run)
    {
        var command = new Command(role) { Hidden = true };
        command.SetAction((_, cancel) => run(cancel));
        return command;
    }

    private static Command SendingCommand(string role, Func<Uri, int, CancellationToken, Task> run)
    {
        var receiver = new Option<Uri>("--receiver")
        {
            Required = true,
            CustomParser = result => new Uri(result.Tokens.Single().Value),
        };
        var inFlight = new Option<int>("--in-flight") { Required = true };
        var command = new Command(role) { receiver, inFlight };
        command.Hidden = true;
        command.SetAction((parsed, cancel) =>
            run(parsed.GetRequiredValue(receiver), parsed.GetValue(inFlight), cancel));
        return command;
    }
}
