using System.CommandLine;
using System.Globalization;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Deliveries;

internal static class DeliveriesCommand
{
    public static Command Build(ApiCommands api) =>
        new("deliveries", "Deliveries and the dead letter queue")
        {
            List(api),
            Get(api),
            DeliveriesTailCommand.Build(api),
            DeliveriesReplayCommand.Build(api),
            Cancel(api),
            DiagnoseCommand.Build(api),
        };

    public static void Print(CommandSession session, Client.Deliveries.Delivery delivery)
    {
        Listing.One(
            session.Output,
            delivery,
            ("id", delivery.Id),
            ("event", $"{delivery.EventId}  {delivery.EventType}"),
            ("subscriber", delivery.SubscriberId),
            ("status", Status(delivery)),
            ("attempts", delivery.AttemptCount.ToString(CultureInfo.InvariantCulture)),
            ("next attempt", Listing.Time(delivery.NextAttemptAt)),
            ("last error", delivery.LastError is { } error ? $"{error.Code}: {error.Message}" : null),
            ("created", Listing.Time(delivery.CreatedAt)),
            ("finished", Listing.Time(delivery.FinishedAt)));
        if (!session.Output.Json && delivery.Attempts is { Count: > 0 } attempts)
            session.Output.Terminal.Write(AttemptTable.Build(attempts));
    }

    public static string Status(Client.Deliveries.Delivery delivery) =>
        delivery.HoldReason is { } reason ? $"{delivery.Status} ({reason})" : delivery.Status;

    private static Command List(ApiCommands api)
    {
        var (limit, cursor) = Symbols.Paging();
        var filter = new DeliveryFilterOptions(api.Host.TimeProvider);
        var command = new Command("list", "List deliveries, newest first; the dead letter queue with --status dead_letter") { limit, cursor };
        filter.AddTo(command);
        api.Run(command, async (session, cancellationToken) =>
        {
            var page = await session.Client.Deliveries
                .ListPageAsync(filter.Read(session), new(session.Get(limit), session.Get(cursor)), cancellationToken)
                .ConfigureAwait(false);
            await Listing.PageAsync(
                session.Output,
                page,
                "There are no such deliveries",
                ["id", "created", "type", "status", "attempts", "last", "subscriber"],
                delivery =>
                [
                    delivery.Id,
                    Listing.Time(delivery.CreatedAt),
                    delivery.EventType,
                    Status(delivery),
                    delivery.AttemptCount.ToString(CultureInfo.InvariantCulture),
                    delivery.LastStatusCode?.ToString(CultureInfo.InvariantCulture) ?? delivery.LastError?.Code,
                    delivery.SubscriberId,
                ])
                .ConfigureAwait(false);
        });
        return command;
    }

    private static Command Get(ApiCommands api)
    {
        var id = Symbols.Id("delivery", "dlv");
        var command = new Command("get", "Show a delivery with its attempts") { id };
        api.Run(command, async (session, cancellationToken) =>
            Print(session, await session.Client.Deliveries.GetAsync(session.Get(id), cancellationToken).ConfigureAwait(false)));
        return command;
    }

    private static Command Cancel(ApiCommands api)
    {
        var id = Symbols.Id("delivery", "dlv");
        var command = new Command("cancel", "Cancel a delivery that is not finished") { id };
        api.Run(command, async (session, cancellationToken) =>
            Print(session, await session.Client.Deliveries.CancelAsync(session.Get(id), cancellationToken).ConfigureAwait(false)));
        return command;
    }
}
