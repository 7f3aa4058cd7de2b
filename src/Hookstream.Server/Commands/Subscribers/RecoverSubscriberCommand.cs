using System.CommandLine;

namespace Hookstream.Server.Commands.Subscribers;

/// <summary>Sending a subscriber what it failed to get and what it never got.</summary>
internal static class RecoverSubscriberCommand
{
    public static Command Build(ApiCommands api)
    {
        var id = Symbols.Id("subscriber", "sub");
        var since = TimeValue.Past("--since", "Events created at this time or later, or in the last 15m, 2h, 3d", api.Host.TimeProvider);
        since.Required = true;
        var until = TimeValue.Past(
            "--until", "Events created before this time, or longer ago than 15m, 2h, 3d. Default: now", api.Host.TimeProvider);
        var command = new Command("recover", "Send what was dead-lettered and what never went to this subscriber, of a time") { id, since, until };
        api.Run(command, async (session, cancellationToken) =>
        {
            var receipt = await session.Client.Subscribers
                .RecoverAsync(session.Get(id), session.Get(since)!.Value, session.Get(until), cancellationToken).ConfigureAwait(false);
            if (session.Output.Json)
                session.Output.WriteJson(receipt);
            else
                session.Output.WriteLine($"{receipt.Count} delivery(s) will be sent, behind fresh events");
        });
        return command;
    }
}
