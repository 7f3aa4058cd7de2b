namespace Hookstream.Core.Lanes;

/// <summary>How far a class of a lane has been claimed: everything up to this delivery is leased, or waits no more.</summary>
/// <param name="Due">Due time of the last delivery passed, milliseconds.</param>
/// <param name="Id">Its id, which orders deliveries that are due at the same time.</param>
internal readonly record struct LanePosition(long Due, Guid Id)
{
    /// <summary>Before everything.</summary>
    public static readonly LanePosition Start = Before(long.MinValue);

    /// <summary>Before everything that is due at <paramref name="due"/>.</summary>
    public static LanePosition Before(long due) => new(due, Guid.Empty);
}
