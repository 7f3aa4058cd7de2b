namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// How many slots one endpoint holds and may hold. An endpoint whose sends run long falls to a few: its share shrinks in
/// proportion to how long they take, those still under way included, so that it is noticed before the first has ended.
/// Guarded by its ledger's lock.
/// </summary>
internal sealed class EndpointLane(SubscriberId id)
{
    /// <summary>Sends up to this long leave an endpoint its full share.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    private const int Few = 4;
    private const double GatherBelowSeconds = 0.01;

    private double _usualSeconds;
    private double _startSum;

    public SubscriberId Id { get; } = id;

    public int InFlight { get; private set; }

    /// <summary>The subscriber's own limit, as last seen.</summary>
    public int? MaxInFlight { get; set; }

    /// <summary>The limit that kept it out of the last claim; 0: it was not kept out.</summary>
    public int KeptOutAt { get; set; }

    /// <summary>
    /// True when a send that has just ended makes another claim worth while. Where sends take milliseconds a few slots are
    /// gathered first, so that one claim fills them all.
    /// </summary>
    public bool IsWorthClaiming =>
        KeptOutAt > 0 && (_usualSeconds > GatherBelowSeconds || InFlight <= KeptOutAt * 3 / 4);

    public double LastEnd { get; private set; }

    /// <summary>True when nothing about it is worth remembering.</summary>
    public bool IsIdleAndQuick => InFlight == 0 && _usualSeconds <= Quick.TotalSeconds / 2;

    public void Begin(double now)
    {
        InFlight++;
        _startSum += now;
    }

    public void End(double begun, double now)
    {
        InFlight--;
        _startSum = InFlight == 0 ? 0 : _startSum - begun;
        LastEnd = now;
        var seconds = now - begun;
        _usualSeconds += seconds > _usualSeconds ? (seconds - _usualSeconds) / 2 : (seconds - _usualSeconds) / 8;
    }

    /// <summary>Most sends it may have in flight now, out of <paramref name="most"/>.</summary>
    public int Limit(int most, double now)
    {
        if (MaxInFlight < most)
            most = MaxInFlight.Value;
        var underWay = InFlight == 0 ? 0 : now - (_startSum / InFlight);
        var seconds = Math.Max(_usualSeconds, underWay);
        if (seconds <= Quick.TotalSeconds)
            return most;
        return Math.Min(most, Math.Max(Few, (int)(most * Quick.TotalSeconds / seconds)));
    }
}
