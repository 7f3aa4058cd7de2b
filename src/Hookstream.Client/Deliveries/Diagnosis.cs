namespace Hookstream.Client.Deliveries;

/// <summary>Why an endpoint fails, as the server's AI model sees it.</summary>
public sealed record Diagnosis
{
    /// <summary>What happened.</summary>
    public required string Summary { get; init; }

    /// <summary>Why, as far as the evidence tells.</summary>
    public required string LikelyCause { get; init; }

    /// <summary><c>transient</c>, <c>systematic</c>, <c>auth</c>, <c>endpoint_down</c>, <c>rate_limited</c> or <c>unknown</c>.</summary>
    public required string Pattern { get; init; }

    /// <summary>What to do about it.</summary>
    public required string RecommendedAction { get; init; }

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>.</summary>
    public required string Confidence { get; init; }
}
