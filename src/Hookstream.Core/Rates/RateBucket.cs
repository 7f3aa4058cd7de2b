namespace Hookstream.Core.Rates;

/// <summary>
/// What an endpoint with a rate limit may still be sent, as one time: the generic cell rate algorithm (ITU-T I.371). Each request
/// moves the time up to which requests are paid for on by one interval; how far that may be ahead is the burst. PostgreSQL and Redis
/// have the same arithmetic in their own words.
/// </summary>
/// <param name="PaidUntil">Up to when the requests made so far use the rate up, milliseconds since 1970; the past: it is unused.</param>
internal readonly record struct RateBucket(double PaidUntil)
{
    /// <summary>
    /// How long a lane without tokens is left alone at the least, milliseconds: at high rates tokens are taken several at a time, or
    /// each would cost a look of its own, on every node.
    /// </summary>
    public const long Pause = 50;

    // Where a whole number comes out a little below itself: times are kept in microseconds here and there.
    private const double Rounding = 1e-3;

    private const double Second = 1_000;

    /// <summary>
    /// How far ahead of the clock requests may be paid for, milliseconds: one second's worth, one request at the least. Half an
    /// interval comes on top, so that where that is one request a claim that comes late loses no part of the rate; it is never
    /// another request at once.
    /// </summary>
    public static double Capacity(double perSecond) =>
        Math.Max(Second, Second / perSecond) + Math.Min(Second / 2 / perSecond, Second / 2);

    /// <summary>How many requests may be made at once.</summary>
    public int Tokens(double perSecond, long now) =>
        (int)Math.Floor(((Capacity(perSecond) - Debt(perSecond, now)) * perSecond / Second) + Rounding);

    /// <summary>After <paramref name="count"/> requests.</summary>
    public RateBucket After(double perSecond, int count, long now) =>
        new(now + Debt(perSecond, now) + (count * Second / perSecond));

    /// <summary>When to look again, milliseconds since 1970; 0: there is a token now.</summary>
    public long ReadyAt(double perSecond, long now) =>
        Tokens(perSecond, now) > 0
            ? 0
            : Math.Max(
                now + Pause,
                now + (long)Math.Ceiling(Debt(perSecond, now) - Capacity(perSecond) + (Second / perSecond)));

    /// <summary>
    /// The same without what is paid for beyond the burst, which a change of the rate may leave, or of the clock: from then on nobody
    /// waits for longer than for one token.
    /// </summary>
    public RateBucket Bounded(double perSecond, long now) => new(now + Debt(perSecond, now));

    private double Debt(double perSecond, long now) => Math.Clamp(PaidUntil - now, 0, Capacity(perSecond));
}
