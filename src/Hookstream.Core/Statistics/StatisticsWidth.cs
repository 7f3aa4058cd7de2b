namespace Hookstream.Core.Statistics;

/// <summary>How long a time figures are of. The values are stored.</summary>
internal enum StatisticsWidth
{
    /// <summary>A minute.</summary>
    Minute = 0,

    /// <summary>An hour.</summary>
    Hour = 1,
}
