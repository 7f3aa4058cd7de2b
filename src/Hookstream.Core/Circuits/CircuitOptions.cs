namespace Hookstream.Core.Circuits;

/// <summary>When circuits open and for how long, where the subscriber sets nothing of its own.</summary>
public sealed record CircuitOptions
{
    /// <summary>How many failures in a row open a circuit. Default 5.</summary>
    public int Threshold { get; init; } = 5;

    /// <summary>How long an open circuit waits before one request is tried. Default 10 minutes.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The options of a subscriber: its own settings, and these where it has none.</summary>
    public CircuitOptions For(SubscriberSettings settings) =>
        settings.CircuitThreshold is null && settings.CircuitCooldown is null
            ? this
            : new CircuitOptions
            {
                Threshold = settings.CircuitThreshold ?? Threshold,
                Cooldown = settings.CircuitCooldown ?? Cooldown,
            };
}
