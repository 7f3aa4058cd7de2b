namespace Hookstream.Core.Statistics;

/// <summary>For how long figures are kept, and of which times they are. Minutes become hours, and hours are removed.</summary>
internal static class StatisticsTimes
{
    private static readonly TimeSpan KeepMinutes = TimeSpan.FromHours(2);
    private static readonly TimeSpan KeepHours = TimeSpan.FromDays(8);

    /// <summary>The minute of a time.</summary>
    public static DateTimeOffset MinuteOf(DateTimeOffset time) => Floor(time, TimeSpan.TicksPerMinute);

    /// <summary>The hour of a time.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => Floor(time, TimeSpan.TicksPerHour);

    /// <summary>Minutes that began before this are added to their hours.</summary>
    public static DateTimeOffset OldestMinute(DateTimeOffset now) => HourOf(now - KeepMinutes);

    /// <summary>Hours that began before this are removed.</summary>
    public static DateTimeOffset OldestHour(DateTimeOffset now) => HourOf(now - KeepHours);

    private static DateTimeOffset Floor(DateTimeOffset time, long ticks) => new(time.UtcTicks - (time.UtcTicks % ticks), TimeSpan.Zero);
}
