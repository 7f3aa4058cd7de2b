using System.CommandLine;

namespace Hookstream.Server.Commands.Subscribers;

/// <summary>The writable fields of a subscriber, as options of `create` and `update`.</summary>
internal sealed class SubscriberOptions
{
    public Option<string[]> Events { get; } =
        Symbols.List("--events", "Types it wants: payment.completed, payment.*, or *; several by commas or repeated", "TYPES");

    public Option<string?> Description { get; } = Symbols.Text("--description", "A note for people");

    public Option<int?> TimeoutMs { get; } = Symbols.Number("--timeout-ms", "Deadline for one attempt in milliseconds, 1000–120000");

    public Option<string[]> RetrySchedule { get; } =
        Symbols.List("--retry-schedule", "Delay before each attempt, e.g. 0s,30s,5m,30m,2h", "DELAYS");

    public Option<int?> MaxInFlight { get; } = Symbols.Number("--max-in-flight", "Most sends in flight at once");

    public Option<double?> RateLimit { get; } =
        Symbols.Fraction("--rate-limit", "Most sends per second over all workers, 0.1–10000; 0.5 is one every two seconds");

    public Option<int?> CircuitThreshold { get; } =
        Symbols.Number("--circuit-threshold", "How many failures in a row open the circuit, 1–1000");

    public Option<string?> CircuitCooldown { get; } = Symbols.Text(
        "--circuit-cooldown", "How long an open circuit waits before one request is tried, 1s–24h, e.g. 10m", "DURATION");

    public Option<string?> Headers { get; } = Symbols.Text(
        "--headers",
        "Headers to send with every request, a JSON object such as {\"Authorization\":\"Bearer …\"}; in an update null removes one",
        JsonValue.Help);

    public Option<string?> PayloadFormat { get; } =
        Symbols.Text("--payload-format", "standard, raw or legacy. Default: standard", "FORMAT");

    public Option<string?> Verification { get; } =
        Symbols.Text("--verification", "Whether deliveries wait for the challenge's answer: none, optional or required", "MODE");

    public Option<string?> Metadata { get; } = Symbols.Text("--metadata", "Your own data, a JSON object", JsonValue.Help);

    public void AddTo(Command command)
    {
        PayloadFormat.AcceptOnlyFromAmong("standard", "raw", "legacy");
        Verification.AcceptOnlyFromAmong("none", "optional", "required");
        Option[] all =
        [
            Events, Description, TimeoutMs, RetrySchedule, CircuitThreshold, CircuitCooldown, MaxInFlight, RateLimit, Headers,
            PayloadFormat, Verification, Metadata,
        ];
        foreach (var option in all)
            command.Add(option);
    }
}
