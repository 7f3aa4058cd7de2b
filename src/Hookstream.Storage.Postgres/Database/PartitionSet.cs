using System.Globalization;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>
/// The partitions of events, deliveries and attempts, one of each for a day (UTC) of ids. They are made ahead; whoever finds
/// one missing all the same makes it and tries again.
/// </summary>
internal sealed class PartitionSet(Sessions sessions, StoreClock clock)
{
    /// <summary>Days that are made ahead.</summary>
    public const int DaysAhead = 3;

    private const string Make = "select ensure_partitions($1, $2, $3)";

    private volatile Tuple<DateOnly>? _madeUpTo;

    /// <summary>The partitions' suffix.</summary>
    public static string SuffixOf(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static bool TryParseSuffix(ReadOnlySpan<char> suffix, out DateOnly day) =>
        DateOnly.TryParseExact(suffix, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The first id of a day, which is the end of the day before.</summary>
    public static Guid FirstIdOf(DateOnly day) => TimeBounds.FirstIdAt(StartOf(day));

    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The day whose partition holds an id.</summary>
    public static DateOnly DayOf(Guid id) => DayOf(TimeBounds.TimeOf(id));

    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>Makes the partitions of a day if they are missing. It always looks: retention may have removed them.</summary>
    public Task EnsureAsync(DateTimeOffset day, CancellationToken cancellation) => EnsureAsync([DayOf(day)], cancellation);

    /// <summary>Makes the partitions that hold these ids.</summary>
    public Task EnsureForAsync(IEnumerable<Guid> ids, CancellationToken cancellation) =>
        EnsureAsync(ids.Select(DayOf), cancellation);

    /// <summary>Makes the partitions of today and the next days; costs nothing while they are known to exist.</summary>
    public async Task EnsureAheadAsync(CancellationToken cancellation)
    {
        var today = DayOf(clock.GetUtcNow());
        var last = today.AddDays(DaysAhead);
        // A clock that was set back asks for days that are not known, either.
        if (_madeUpTo is { } known && known.Item1 >= last && known.Item1.DayNumber - today.DayNumber <= DaysAhead + 1)
            return;
        await EnsureAsync(Enumerable.Range(0, DaysAhead + 1).Select(today.AddDays), cancellation);
        _madeUpTo = Tuple.Create(last);
    }

    private async Task EnsureAsync(IEnumerable<DateOnly> days, CancellationToken cancellation)
    {
        foreach (var day in days.Distinct().Order())
        {
            await sessions.General.ReadAsync(
                connection => connection.Command(Make)
                    .Bind(SuffixOf(day))
                    .Bind(FirstIdOf(day))
                    .Bind(FirstIdOf(day.AddDays(1)))
                    .RunAsync(cancellation),
                cancellation);
        }
    }
}
