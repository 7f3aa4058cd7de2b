namespace Hookstream.Client.Health;

/// <summary>How one dependency of the server is.</summary>
public sealed record ComponentHealth
{
    /// <summary>The server's own word, e.g. <c>ok</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How long it took to answer, in milliseconds; null when it did not.</summary>
    public double? LatencyMs { get; init; }
}
