using System.Text.Json.Serialization;

namespace Hookstream.Client.Statistics;

/// <summary>The figures of three windows, each up to now.</summary>
public sealed record StatisticsWindows
{
    /// <summary>The last hour, up to a minute more.</summary>
    [JsonPropertyName("1h")]
    public required AttemptFigures Hour { get; init; }

    /// <summary>The last 24 hours, up to an hour more.</summary>
    [JsonPropertyName("24h")]
    public required AttemptFigures Day { get; init; }

    /// <summary>The last 7 days, up to an hour more.</summary>
    [JsonPropertyName("7d")]
    public required AttemptFigures Week { get; init; }
}
