namespace Hookstream.Client.Events;

/// <summary>Why one event of a batch was refused.</summary>
public sealed record BatchItemError
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>What was wrong, for people.</summary>
    public string? Detail { get; init; }

    /// <summary>Messages by field; null when there are none.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
