using System.Diagnostics.CodeAnalysis;

namespace Hookstream.Core.Retries;

/// <summary>The delay before each attempt, the first included; as many attempts as delays, then the dead letter queue.</summary>
public sealed class RetrySchedule
{
    /// <summary>Most attempts of a schedule.</summary>
    public const int MaxAttempts = 20;

    /// <summary>Immediately, +30 s, +5 min, +30 min, +2 h.</summary>
    public static readonly RetrySchedule Default = new(
        [TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)]);

    private readonly TimeSpan[] _delays;

    private RetrySchedule(TimeSpan[] delays) => _delays = delays;

    /// <summary>How many attempts the budget is.</summary>
    public int Attempts => _delays.Length;

    /// <summary>The delays, the first attempt's first.</summary>
    public IReadOnlyList<TimeSpan> Delays => _delays;

    /// <summary>Makes a schedule of 1 to 20 delays, none negative or beyond 30 days.</summary>
    public static bool TryCreate(IReadOnlyList<TimeSpan> delays, [NotNullWhen(true)] out RetrySchedule? schedule)
    {
        var valid = delays.Count is > 0 and <= MaxAttempts
            && delays.All(delay => delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(30));
        schedule = valid ? new RetrySchedule([.. delays]) : null;
        return valid;
    }

    /// <summary>The delay before the attempt that follows <paramref name="failures"/> failed ones; null: none is left.</summary>
    public TimeSpan? DelayAfter(int failures) => failures < _delays.Length ? _delays[failures] : null;

    /// <summary>The delays as durations, comma-separated: <c>0s,30s,5m,30m,2h</c>.</summary>
    public override string ToString() => string.Join(',', _delays.Select(DurationText.Format));
}
