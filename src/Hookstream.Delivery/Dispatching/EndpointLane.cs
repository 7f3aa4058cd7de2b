namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// How many slots one endpoint holds and may hold. It begins with a few, and each send that is answered soon gives it one more;
/// failures halve that. An endpoint whose sends run long falls to a few again: its share shrinks in proportion to how long they
/// take, those still under way included, so that it is noticed before the first has ended. Where sends take milliseconds some deliveries may be claimed ahead, so that its slots are not empty meanwhile.
/// Guarded by its ledger's lock.
/// </summary>
internal sealed class EndpointLane(SubscriberId id, TenantId tenant)
{
    /// <summary>Sends up to this long leave an endpoint its full share.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    // How long an endpoint is remembered after its last send: one that has earned its slots, or was slow, for longer.
    private const double RecentSeconds = 1;
    private const double MemorySeconds = 60;

    /// <summary>What an endpoint begins with, and falls to.</summary>
    public const int Few = 4;

    private const double AheadBelowSeconds = 0.01;

    private double _usualSeconds;
    private double _startSum;
    private bool _hasEnded;
    private bool _hasFailed;
    private int _earned = Few;
    private int _refillAt;

    public SubscriberId Id { get; } = id;

    public TenantId Tenant { get; } = tenant;

    /// <summary><see cref="Id"/> as spans have it, made once.</summary>
    public string IdText => field ??= Id.ToString();

    /// <summary><see cref="Tenant"/> as spans have it, made once.</summary>
    public string TenantText => field ??= Tenant.ToString();

    /// <summary>True when it has answered often and soon enough to have more slots than it began with.</summary>
    public bool HasEarned => _earned > Few;

    /// <summary>Slots it holds.</summary>
    public int InFlight { get; private set; }

    /// <summary>What was claimed ahead, in the order of its claims.</summary>
    public LinkedList<Claim> Waiting { get; } = new();

    /// <summary>
    /// Failed sends whose outcome is not recorded yet. They hold on to their slots: the circuit may be open by the time they are.
    /// </summary>
    public int UnrecordedFailures { get; set; }

    /// <summary>All that is claimed and has not ended, and what has failed and is not recorded.</summary>
    public int Held => Taken + Waiting.Count;

    /// <summary>Slots that are taken.</summary>
    public int Taken => InFlight + UnrecordedFailures;

    /// <summary>The subscriber's own limit, as last seen.</summary>
    public int? MaxInFlight { get; set; }

    /// <summary>True when something was taken from it the last time that something could be.</summary>
    public bool MayHaveMore { get; set; }

    /// <summary>True when the last claim was to take nothing from it.</summary>
    public bool IsKeptOut { get; set; }

    /// <summary>
    /// True when a send that has just ended makes another claim worth while. What goes ahead is claimed many at a time.
    /// </summary>
    public bool IsWorthClaiming => IsKeptOut && (!GoesAhead || Held <= _refillAt);

    /// <summary>True while it has something to send, and the process no slot for it.</summary>
    public bool IsOutOfSlots { get; set; }

    public double LastEnd { get; private set; }

    /// <summary>True while it sends, or did a moment ago.</summary>
    public bool IsRecent(double now) => Held > 0 || now - LastEnd <= RecentSeconds || IsSlow;

    /// <summary>True when nothing about it is worth remembering.</summary>
    public bool IsForgotten(double now) =>
        Held == 0 && now - LastEnd > (IsSlow || HasEarned ? MemorySeconds : RecentSeconds);

    private bool IsSlow => _usualSeconds > Quick.TotalSeconds / 2;

    /// <summary>True when its sends take milliseconds, so that a claim takes longer.</summary>
    public bool GoesAhead => _hasEnded && !_hasFailed && _usualSeconds <= AheadBelowSeconds;

    public void Begin(double now)
    {
        InFlight++;
        _startSum += now;
    }

    /// <summary>A send has ended.</summary>
    /// <param name="begun">When it began.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="succeeded">Null: nothing was sent, which says nothing.</param>
    public void End(double begun, double now, bool? succeeded)
    {
        InFlight--;
        _startSum = InFlight == 0 ? 0 : _startSum - begun;
        _hasEnded = true;
        LastEnd = now;
        if (succeeded is null)
            return;
        _hasFailed = succeeded == false;
        var seconds = now - begun;
        if (_hasFailed)
            _earned = Math.Max(Few, _earned / 2);
        else if (seconds <= Quick.TotalSeconds && _earned < int.MaxValue)
            _earned++;
        _usualSeconds += seconds > _usualSeconds ? (seconds - _usualSeconds) / 2 : (seconds - _usualSeconds) / 8;
    }

    /// <summary>Most sends it may have in flight now, out of <paramref name="most"/>.</summary>
    public int Limit(int most, double now)
    {
        most = Math.Min(most, _earned);
        if (MaxInFlight < most)
            most = MaxInFlight.Value;
        var underWay = InFlight == 0 ? 0 : now - (_startSum / InFlight);
        var seconds = Math.Max(_usualSeconds, underWay);
        if (seconds <= Quick.TotalSeconds)
            return most;
        return Math.Min(most, Math.Max(Few, (int)(most * Quick.TotalSeconds / seconds)));
    }

    /// <summary>How many to claim for it, out of <paramref name="share"/>, where it may have <paramref name="limit"/> in flight.</summary>
    public int Free(int share, int limit) => Math.Max(0, Math.Min(share, limit) - Held);

    /// <summary>
    /// How many to claim for it where it may hold <paramref name="most"/>, with what is claimed ahead: none before half of them are
    /// sent, since a few at a time would cost a round trip each.
    /// </summary>
    public int FreeAhead(int most)
    {
        _refillAt = most / 2;
        return Held > _refillAt ? 0 : most - Held;
    }
}
