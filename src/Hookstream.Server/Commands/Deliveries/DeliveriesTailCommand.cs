using System.CommandLine;
using Hookstream.Client;
using Hookstream.Client.Deliveries;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Deliveries;

internal static class DeliveriesTailCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int AtStart = 10;

    public static Command Build(ApiCommands api)
    {
        var filter = new DeliveryFilterOptions(api.Host.TimeProvider);
        var command = new Command(
            "tail",
            "Print deliveries as they come and change, until Ctrl-C; what changes is noticed among the newest 100 only");
        filter.AddTo(command);
        api.Run(command, async (session, cancellationToken) =>
        {
            using var signals = new TerminationSignals(cancellationToken);
            try
            {
                await FollowAsync(session, filter.Read(session), api.Host.TimeProvider, signals.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
            {
                await session.Output.NoteAsync("").ConfigureAwait(false);
            }
        });
        return command;
    }

    private static async Task FollowAsync(
        CommandSession session, DeliveryFilter filter, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var changes = new DeliveryChanges();
        using var timer = new PeriodicTimer(Interval, timeProvider);
        var first = true;
        do
        {
            Page<Delivery> page;
            try
            {
                page = await session.Client.Deliveries
                    .ListPageAsync(filter, new PageRequest(DeliveryChanges.Window), cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException exception) when (!first)
            {
                // A server that is being restarted is worth waiting for; one that was never there is not.
                await session.Output.NoteAsync($"{exception.Message}; trying again").ConfigureAwait(false);
                continue;
            }

            var news = changes.Apply(page.Items);
            foreach (var delivery in first ? news.TakeLast(AtStart) : news)
                Print(session, delivery);
            first = false;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private static void Print(CommandSession session, Delivery delivery)
    {
        if (session.Output.Json)
        {
            session.Output.WriteJsonLine(delivery);
            return;
        }

        var result = delivery.LastStatusCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? delivery.LastError?.Code;
        FormattableString line = delivery.Status switch
        {
            DeliveryStatuses.Delivered =>
                $"{Listing.Time(delivery.CreatedAt)}  {delivery.Id}  [green]{DeliveriesCommand.Status(delivery),-12}[/]  {delivery.EventType}  attempt {delivery.AttemptCount}  {result}",
            DeliveryStatuses.Failed or DeliveryStatuses.DeadLetter =>
                $"{Listing.Time(delivery.CreatedAt)}  {delivery.Id}  [red]{DeliveriesCommand.Status(delivery),-12}[/]  {delivery.EventType}  attempt {delivery.AttemptCount}  {result}",
            _ =>
                $"{Listing.Time(delivery.CreatedAt)}  {delivery.Id}  {DeliveriesCommand.Status(delivery),-12}  {delivery.EventType}  attempt {delivery.AttemptCount}  {result}",
        };
        session.Output.WriteLine(line);
    }
}
