namespace Hookstream.Core.Lanes;

/// <summary>
/// How far a class of a lane has been claimed, or read: everything up to this delivery is leased or has been handed on, or waits no
/// more.
/// </summary>
/// <param name="Due">Due time of the last delivery passed, in milliseconds since 1970 by the store's clock.</param>
/// <param name="Id">Its id, which orders deliveries that are due at the same time.</param>
public readonly record struct LanePosition(long Due, Guid Id)
{
    /// <summary>Before everything.</summary>
    public static LanePosition Start { get; } = Before(long.MinValue);

    /// <summary><see cref="Due"/> as a time; of <see cref="Start"/>, the earliest there is.</summary>
    public DateTime DueTime => Due < 0
        ? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)
        : DateTimeOffset.FromUnixTimeMilliseconds(Due).UtcDateTime;

    /// <summary>Before everything that is due at <paramref name="due"/>.</summary>
    public static LanePosition Before(long due) => new(due, Guid.Empty);
}
