using System.CommandLine;
using Hookstream.Client.Deliveries;

namespace Hookstream.Server.Commands.Deliveries;

internal static class DeliveriesReplayCommand
{
    public static Command Build(ApiCommands api)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "One delivery, dlv_…; without it, all that the filters match",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Count only" };
        var filter = new DeliveryFilterOptions(api.Host.TimeProvider);
        var command = new Command(
            "replay",
            "Send a delivery again, or many: by default the dead letters of --subscriber, --event or --since") { id, dryRun };
        filter.AddTo(command);
        command.Validators.Add(result =>
        {
            Option[] scope = [filter.Subscriber, filter.Event, filter.Since];
            Option[] rest = [filter.Status, filter.Type, filter.Until, dryRun];
            var one = result.GetResult(id) is { Tokens.Count: > 0 };
            if (one && scope.Concat(rest).Any(option => result.GetResult(option) is { Implicit: false }))
                result.AddError("Give either one ID or filters");
            else if (!one && !scope.Any(option => result.GetResult(option) is { Implicit: false }))
                result.AddError("Give an ID, or at least one of --subscriber, --event and --since");
        });
        api.Run(command, async (session, cancellationToken) =>
        {
            if (session.Arguments.GetValue(id) is { } one)
                DeliveriesCommand.Print(session, await session.Client.Deliveries.ReplayAsync(one, cancellationToken).ConfigureAwait(false));
            else
                await ReplayManyAsync(session, filter.Read(session), session.Get(dryRun), cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task ReplayManyAsync(
        CommandSession session, DeliveryFilter filter, bool dryRun, CancellationToken cancellationToken)
    {
        var receipt = await session.Client.Deliveries.ReplayManyAsync(
            new BulkReplay
            {
                Status = filter.Status,
                SubscriberId = filter.SubscriberId,
                EventId = filter.EventId,
                EventType = filter.EventType,
                Since = filter.Since,
                Until = filter.Until,
                DryRun = dryRun,
            },
            cancellationToken).ConfigureAwait(false);
        if (session.Output.Json)
            session.Output.WriteJson(receipt);
        else if (dryRun)
            session.Output.WriteLine($"{receipt.Count} delivery(s) would be sent again");
        else
            session.Output.WriteLine($"{receipt.Count} delivery(s) will be sent again, behind fresh events");
    }
}
