using System.CommandLine;
using System.Globalization;
using Hookstream.Client.Statistics;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Statistics;

/// <summary>How deliveries have gone of late.</summary>
internal static class StatsCommand
{
    public static Command Build(ApiCommands api)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "The subscriber's id, sub_…; left out: all of the tenant's",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("stats", "How deliveries have gone in the last hour, day and week") { id };
        api.Run(command, async (session, cancellationToken) =>
        {
            var statistics = session.Arguments.GetValue(id) is { } subscriber
                ? await session.Client.Subscribers.GetStatisticsAsync(subscriber, cancellationToken).ConfigureAwait(false)
                : await session.Client.GetStatisticsAsync(cancellationToken).ConfigureAwait(false);
            if (session.Output.Json)
                session.Output.WriteJson(statistics);
            else
                Print(session.Output, statistics);
        });
        return command;
    }

    private static void Print(CommandOutput output, Client.Statistics.Statistics statistics)
    {
        var (windows, waiting) = (statistics.Windows, statistics.Waiting);
        output.Terminal.Write(Listing.Table(
            ["window", "attempts", "delivered", "failed", "dead letter", "success", "p50", "p95", "p99"],
            [Row("1h", windows.Hour), Row("24h", windows.Day), Row("7d", windows.Week)]));
        var more = waiting.Complete ? "" : ", and more";
        output.WriteLine($"waiting: {waiting.Pending} pending, {waiting.Held} held, {waiting.Failed} failed{more}");
    }

    private static string?[] Row(string window, AttemptFigures figures) =>
    [
        window,
        Number(figures.Attempts),
        Number(figures.Delivered),
        Number(figures.Failed),
        Number(figures.DeadLetter),
        figures.SuccessRate?.ToString("P2", CultureInfo.InvariantCulture),
        Milliseconds(figures.LatencyMs.P50),
        Milliseconds(figures.LatencyMs.P95),
        Milliseconds(figures.LatencyMs.P99),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Milliseconds(double? time) =>
        time is { } some ? $"{some.ToString("0.#", CultureInfo.InvariantCulture)} ms" : null;
}
