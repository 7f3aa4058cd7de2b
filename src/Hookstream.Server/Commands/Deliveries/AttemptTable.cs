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
        var error = attempt.Error switch
        {
            { ValueKind: System.Text.Json.JsonValueKind.Object } found when found.TryGetProperty("message", out var message) =>
                message.ToString(),
            { ValueKind: not System.Text.Json.JsonValueKind.Null } found => found.ToString(),
            _ => null,
        };
        var parts = new[] { attempt.Outcome, attempt.StatusCode?.ToString(CultureInfo.InvariantCulture), error };
        return string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
