using System.Globalization;
using Hookstream.Client.Deliveries;
using Hookstream.Server.Commands.Terminal;
using Spectre.Console;

namespace Hookstream.Server.Commands.Deliveries;

internal static class AttemptTable
{
    public static Table Build(IEnumerable<Attempt> attempts) =>
        Listing.Table(
            ["attempt", "trigger", "started", "took", "result"],
            attempts.Select(attempt => (string?[])
            [
                attempt.Number.ToString(CultureInfo.InvariantCulture),
                attempt.Trigger,
                Listing.Time(attempt.StartedAt),
                attempt.DurationMs is { } took ? $"{took.ToString("0.#", CultureInfo.InvariantCulture)} ms" : null,
                Result(attempt),
            ]));

    public static string Result(Attempt attempt)
    {
        var parts = new[] { attempt.Outcome, attempt.StatusCode?.ToString(CultureInfo.InvariantCulture), attempt.Error };
        return string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
