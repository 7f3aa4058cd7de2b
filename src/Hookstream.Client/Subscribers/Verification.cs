namespace Hookstream.Client.Subscribers;

/// <summary>The outcome of a challenge.</summary>
public sealed record Verification
{
    /// <summary>True: the endpoint answered with the challenge.</summary>
    public required bool Verified { get; init; }
}
