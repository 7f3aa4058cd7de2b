namespace Hookstream.Client.Subscribers;

/// <summary>What the server answers to a recovery.</summary>
public sealed record RecoveryReceipt
{
    /// <summary>How many deliveries will be sent.</summary>
    public required long Count { get; init; }
}
