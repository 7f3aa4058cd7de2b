namespace Hookstream.Api.Metrics;

/// <summary>Where and for whom <c>/metrics</c> answers.</summary>
/// <param name="Port">The port that answers it, and nothing else; null: that of the API.</param>
/// <param name="Token">Hash of the token that it asks for; null: anybody may ask.</param>
public sealed record MetricsEndpointOptions(int? Port, KeyHash? Token)
{
    /// <summary>Which setting says that it does not answer; null: it does.</summary>
    public string? OffBecause { get; init; }
}
