using System.Globalization;
using Hookstream.Client.Deliveries;
using Hookstream.Server.Commands.Terminal;
using Spectre.Console;

namespace Hookstream.Server.Commands.Deliveries;

internal static class AttemptTable
{
    // Enough for a message, and not a page.
    private const int MaxBody = 200;

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
        var parts = new[] { attempt.Outcome, attempt.StatusCode?.ToString(CultureInfo.InvariantCulture), attempt.Error, Body(attempt) };
        return string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>How the endpoint itself explains a failure, on one line.</summary>
    private static string? Body(Attempt attempt)
    {
        if (attempt.Outcome == "delivered" || string.IsNullOrWhiteSpace(attempt.ResponseBody))
            return null;
        var line = string.Join(' ', attempt.ResponseBody.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > MaxBody ? $"\"{line[..MaxBody]}…\"" : $"\"{line}\"";
    }
}
