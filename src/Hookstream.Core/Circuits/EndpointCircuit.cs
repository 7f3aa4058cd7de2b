namespace Hookstream.Core.Circuits;

/// <summary>
/// The circuit breaker of an endpoint, shared by all workers and kept in the store. Failures in a row open it; while it is open
/// nothing is sent until the cooling period ends, then one request at a time, the probe: success closes it, failure begins
/// another cooling period.
/// </summary>
public sealed record EndpointCircuit
{
    /// <summary>Closed, without failures.</summary>
    public static readonly EndpointCircuit Closed = new();

    /// <summary>
    /// How long a probe keeps other probes away: longer than the longest request, after which its prober is taken for gone.
    /// </summary>
    public static readonly TimeSpan ProbeLease = TimeSpan.FromMinutes(3);

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When it opened, UTC; null: it is closed.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>While it is open: when the next probe may be sent, UTC.</summary>
    public DateTimeOffset? ProbeAt { get; init; }

    /// <summary>
    /// Moves on with every change of state. A send that began before one was made under another state, and its result changes
    /// nothing.
    /// </summary>
    public long Epoch { get; init; }

    /// <summary>True while it is open or half open.</summary>
    public bool IsOpen => OpenedAt is not null;

    /// <summary>What it lets through at <paramref name="now"/>.</summary>
    public CircuitState StateAt(DateTimeOffset now) =>
        OpenedAt is null ? CircuitState.Closed
        : ProbeAt <= now ? CircuitState.HalfOpen
        : CircuitState.Open;

    /// <summary>What has become of it.</summary>
    /// <param name="openedBefore">When it had opened before; null: it was closed.</param>
    internal CircuitChange ChangeSince(DateTimeOffset? openedBefore) => (openedBefore is not null, IsOpen) switch
    {
        (false, true) => CircuitChange.Opened,
        (true, false) => CircuitChange.Closed,
        (true, true) => CircuitChange.ProbeFailed,
        _ => CircuitChange.None,
    };

    /// <summary>The circuit after an outcome.</summary>
    /// <param name="signal">What the outcome says.</param>
    /// <param name="epoch">The epoch at which its send began.</param>
    /// <param name="isProbe">True when it was the probe.</param>
    /// <param name="options">When it opens, and for how long.</param>
    /// <param name="now">UTC.</param>
    public EndpointCircuit After(CircuitSignal signal, long epoch, bool isProbe, CircuitOptions options, DateTimeOffset now)
    {
        if (epoch != Epoch || isProbe != IsOpen)
            return this;
        if (isProbe)
        {
            return signal == CircuitSignal.Success
                ? Reset()
                : this with { ProbeAt = now + options.Cooldown, Epoch = Epoch + 1 };
        }

        return signal switch
        {
            CircuitSignal.Success => Failures == 0 ? this : this with { Failures = 0 },
            CircuitSignal.Failure when Failures + 1 >= options.Threshold => this with
            {
                Failures = Failures + 1,
                OpenedAt = now,
                ProbeAt = now + options.Cooldown,
                Epoch = Epoch + 1,
            },
            CircuitSignal.Failure => this with { Failures = Failures + 1 },
            _ => this,
        };
    }

    /// <summary>Closed, and what is under way changes it no more.</summary>
    public EndpointCircuit Reset() => new() { Epoch = Epoch + 1 };
}
