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

    public Option<string?> PayloadFormat { get; } =
        Symbols.Text("--payload-format", "envelope, raw or legacy. Default: envelope", "FORMAT");

    public Option<string?> Verification { get; } =
        Symbols.Text("--verification", "Whether deliveries wait for the challenge's answer: none, optional or required", "MODE");

    public Option<string?> Metadata { get; } = Symbols.Text("--metadata", "Your own data, a JSON object", JsonValue.Help);

    public void AddTo(Command command)
    {
        PayloadFormat.AcceptOnlyFromAmong("envelope", "raw", "legacy");
        Verification.AcceptOnlyFromAmong("none", "optional", "required");
        foreach (var option in (Option[])[Events, Description, TimeoutMs, RetrySchedule, MaxInFlight, PayloadFormat, Verification, Metadata])
            command.Add(option);
    }
}
