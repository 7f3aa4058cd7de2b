using System.Text.Json.Serialization;

namespace Hookstream.Api.Statistics;

/// <summary>The figures of three windows, each up to now.</summary>
/// <param name="Hour">The last hour, up to a minute more.</param>
/// <param name="Day">The last 24 hours, up to an hour more.</param>
/// <param name="Week">The last 7 days, up to an hour more.</param>
internal sealed record WindowsResponse(
    [property: JsonPropertyName("1h")] FiguresResponse Hour,
    [property: JsonPropertyName("24h")] FiguresResponse Day,
    [property: JsonPropertyName("7d")] FiguresResponse Week);
