using System.CommandLine;
using Hookstream.Client.Events;

namespace Hookstream.Server.Commands.Send;

internal static class SendCommand
{
    public static Command Build(ApiCommands api)
    {
        var type = new Argument<string>("TYPE") { Description = "The event type, e.g. payment.completed" };
        var data = Symbols.Text("--data", "The payload, a JSON object; @FILE reads a file, @- standard input. Default: {}", JsonValue.Help);
        var key = Symbols.Text("--idempotency-key", "Send nothing when this key was used in the last 24 h", "KEY");
        var priority = Symbols.Text("--priority", "high, normal or low. Default: normal", "PRIORITY");
        priority.AcceptOnlyFromAmong("high", "normal", "low");

        var command = new Command("send", "Send an event") { type, data, key, priority };
        api.Run(command, async (session, cancellationToken) =>
        {
            var payload = await JsonValue.ReadObjectAsync(api.Host, "--data", session.Get(data) ?? "{}", cancellationToken)
                .ConfigureAwait(false);
            var receipt = await session.Client.Events.SendAsync(
                new NewEvent(session.Get(type), payload)
                {
                    IdempotencyKey = session.Get(key),
                    Priority = session.Get(priority),
                },
                cancellationToken).ConfigureAwait(false);
            Print(session, receipt);
        });
        return command;
    }

    private static void Print(CommandSession session, EventReceipt receipt)
    {
        if (session.Output.Json)
            session.Output.WriteJson(receipt);
        else if (receipt.Duplicate)
            session.Output.WriteLine($"{receipt.EventId} was accepted before with this key; nothing was sent");
        else if (receipt.EnqueuedCount == 0)
            session.Output.WriteLine($"{receipt.EventId} accepted; [yellow]no subscriber wants this type[/]");
        else
            session.Output.WriteLine($"{receipt.EventId} accepted for {receipt.EnqueuedCount} subscriber(s)");
    }
}
