namespace Hookstream.Client.Events;

/// <summary>Which events to list; what is null does not filter.</summary>
public sealed record EventFilter
{
    /// <summary>Events of this exact type.</summary>
    public string? Type { get; init; }

    /// <summary>Events accepted at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Events accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}
