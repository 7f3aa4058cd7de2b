using Npgsql;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>
/// The store's clock as this process knows it: PostgreSQL's time when it was last asked, and what the process's monotonic
/// clock says has passed since. A step of the process's own wall clock does not move it.
/// </summary>
internal sealed class StoreClock(TimeProvider process, ClockSource source) : TimeProvider
{
    private Anchor? _anchor;

    /// <summary>
    /// What SQL takes for the time, as <c>coalesce($n, statement_timestamp())</c>: null, unless the process's clock decides.
    /// </summary>
    public DateTimeOffset? SqlNow => source == ClockSource.Process ? this.Now() : null;

    public override long TimestampFrequency => process.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() =>
        source == ClockSource.Store && Volatile.Read(ref _anchor) is { } anchor
            ? anchor.Time + process.GetElapsedTime(anchor.Timestamp)
            : process.GetUtcNow();

    public override long GetTimestamp() => process.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        process.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks PostgreSQL for its time.</summary>
    public async Task SynchronizeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (source == ClockSource.Process)
            return;
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var asked = process.GetTimestamp();
        var time = (DateTime)(await command.ExecuteScalarAsync(cancellation))!;
        var answered = process.GetTimestamp();
        // It was that time somewhere between the question and the answer: half way is the best guess.
        var elapsed = process.GetElapsedTime(asked, answered);
        Volatile.Write(ref _anchor, new Anchor(new DateTimeOffset(time, TimeSpan.Zero) + (elapsed / 2), answered));
    }

    private sealed record Anchor(DateTimeOffset Time, long Timestamp);
}
