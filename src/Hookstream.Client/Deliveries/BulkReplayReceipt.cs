namespace Hookstream.Client.Deliveries;

/// <summary>What the server answers to a bulk replay.</summary>
public sealed record BulkReplayReceipt
{
    /// <summary>How many deliveries will be sent again, or would be.</summary>
    public required long Count { get; init; }

    /// <summary>True: they were only counted.</summary>
    public bool DryRun { get; init; }
}
