namespace Hookstream.Client.Deliveries;

/// <summary>What an attempt failed with.</summary>
public sealed record DeliveryError
{
    /// <summary>The outcome of the attempt, e.g. <c>timeout</c>, <c>http_status</c>; or <c>expired</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The same for people.</summary>
    public string? Message { get; init; }
}
