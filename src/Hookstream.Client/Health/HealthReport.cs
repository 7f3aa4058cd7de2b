namespace Hookstream.Client.Health;

/// <summary>How the server is.</summary>
public sealed record HealthReport
{
    /// <summary>The server's own word, e.g. <c>ok</c>; compare <see cref="Store"/> and <see cref="Queue"/> for details.</summary>
    public required string Status { get; init; }

    /// <summary>The server's version.</summary>
    public string? Version { get; init; }

    /// <summary>Seconds since the server started.</summary>
    public double? UptimeSeconds { get; init; }

    /// <summary>How the store is.</summary>
    public ComponentHealth? Store { get; init; }

    /// <summary>How the queue is.</summary>
    public ComponentHealth? Queue { get; init; }
}
