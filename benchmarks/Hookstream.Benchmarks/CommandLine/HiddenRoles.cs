using System.CommandLine;
using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.CommandLine;

/// <summary>What this program is as the other processes of a run.</summary>
internal static class HiddenRoles
{
    public static IEnumerable<Command> Commands()
    {
        yield return BareKestrelCommand();
        yield return ReceiverCommand();
        yield return BareSenderCommand();
        yield return BareRelayCommand();
    }

    private static Command BareKestrelCommand()
    {
        var command = new Command(BareKestrel.Role) { Hidden = true };
        command.SetAction((_, cancel) => BareKestrel.RunAsync(cancel));
        return command;
    }

    private static Command ReceiverCommand()
    {
        var command = new Command(ReceiverHost.Role) { Hidden = true };
        command.SetAction((_, cancel) => ReceiverHost.RunAsync(cancel));
        return command;
    }

    private static Command BareSenderCommand()
    {
        var receiver = AddressOption();
        var sends = new Option<int>("--sends") { Required = true };
        var warmup = new Option<int>("--warmup") { Required = true };
        var inFlight = new Option<int>("--in-flight") { Required = true };
        var command = new Command(BareSender.Role) { receiver, sends, warmup, inFlight };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => BareSender.RunAsync(
            parsed.GetRequiredValue(receiver),
            parsed.GetValue(sends),
            parsed.GetValue(warmup),
            parsed.GetValue(inFlight),
            cancel));
        return command;
    }

    private static Command BareRelayCommand()
    {
        var receiver = AddressOption();
        var inFlight = new Option<int>("--in-flight") { Required = true };
        var command = new Command(BareRelay.Role) { receiver, inFlight };
        command.Hidden = true;
        command.SetAction((parsed, cancel) =>
            BareRelay.RunAsync(parsed.GetRequiredValue(receiver), parsed.GetValue(inFlight), cancel));
        return command;
    }

    private static Option<Uri> AddressOption() => new("--receiver")
    {
        Required = true,
        CustomParser = result => new Uri(result.Tokens.Single().Value),
    };
}
