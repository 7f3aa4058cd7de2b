using Hookstream.Core.Circuits;

namespace Hookstream.Core.Retries;

/// <summary>Decides what becomes of a delivery after an attempt.</summary>
public static class RetryPolicy
{
    /// <summary>A longer <c>Retry-After</c> counts as this.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>Most that a delay is lengthened by, as a share of it, so that retries of one outage do not come as one.</summary>
    public const double Jitter = 0.1;

    /// <summary>So many leases of a delivery lost in a row count as a failed attempt.</summary>
    public const int MaxLostLeases = 10;

    private const int Gone = 410;

    /// <summary>Decides.</summary>
    /// <param name="work">What was sent.</param>
    /// <param name="attempt">What came of it.</param>
    /// <param name="retryAfter">What the response asked for with 429 or 503; null: nothing.</param>
    /// <param name="fallback">The schedule of endpoints without one of their own.</param>
    /// <param name="random">0 to 1, for the jitter.</param>
    /// <param name="disableAfter">An endpoint that has done nothing but fail for so long is disabled; null: never.</param>
    public static Settlement Decide(
        DeliveryWork work,
        Attempt attempt,
        TimeSpan? retryAfter,
        RetrySchedule fallback,
        double random,
        TimeSpan? disableAfter = null)
    {
        var settlement = new Settlement
        {
            Lease = work.Lease,
            Attempt = attempt,
            CircuitEpoch = work.Endpoint.Subscriber.Gate.Circuit.Epoch,
            Disposition = Disposition.Delivered,
        };
        if (attempt.Outcome == AttemptOutcome.Delivered)
            return settlement;

        settlement = settlement with { Error = new DeliveryError(attempt.Outcome.ToCode(), attempt.Error ?? "") };
        if (attempt.Outcome == AttemptOutcome.Interrupted)
            return settlement with { Disposition = Disposition.Release };
        if (attempt.StatusCode == Gone)
        {
            return settlement with
            {
                Disposition = Disposition.DeadLetter,
                Error = new DeliveryError("gone", "the endpoint answered 410 Gone"),
                DisableEndpointReason = "the endpoint answered 410 Gone",
            };
        }

        var block = retryAfter is { } asked && asked > TimeSpan.Zero
            ? TimeSpan.FromTicks(Math.Min(asked.Ticks, MaxRetryAfter.Ticks))
            : (TimeSpan?)null;
        settlement = Fail(settlement, work, block, fallback, random);
        return disableAfter is { } longest && HasFailedFor(longest, work, attempt, settlement)
            ? settlement with { DisableEndpointReason = $"everything sent to it for {DurationText.Format(longest)} has failed" }
            : settlement;
    }

    // The circuit has been open since, and each probe has failed; one that succeeds closes it. A person who opens the gate gives
    // the endpoint as long again.
    private static bool HasFailedFor(TimeSpan longest, DeliveryWork work, Attempt attempt, Settlement settlement)
    {
        var gate = work.Endpoint.Subscriber.Gate;
        var since = gate.Circuit.OpenedAt > gate.OpenedAt ? gate.Circuit.OpenedAt : gate.OpenedAt;
        return work.Lease.IsProbe
            && settlement.Signal == CircuitSignal.Failure
            && since + longest <= attempt.StartedAt + attempt.Duration;
    }

    /// <summary>
    /// The settlement of a delivery whose senders were gone before they recorded an outcome, too often in a row; null when it
    /// is not one. It counts as a failed attempt, so that what brings its sender down cannot do so for ever.
    /// </summary>
    public static Settlement? AfterLostLeases(DeliveryWork work, RetrySchedule fallback, DateTimeOffset now, double random)
    {
        if (work.LostLeases < MaxLostLeases)
            return null;
        var error = $"{work.LostLeases} processes in a row were gone before they recorded what came of it";
        var settlement = new Settlement
        {
            Lease = work.Lease,
            Attempt = new Attempt
            {
                Id = AttemptId.New(now),
                Number = work.AttemptCount + 1,
                Trigger = work.Trigger,
                StartedAt = now,
                Duration = TimeSpan.Zero,
                Outcome = AttemptOutcome.Interrupted,
                Error = error,
                RequestHeaders = "{}"u8.ToArray(),
            },
            Disposition = Disposition.DeadLetter,
            Error = new DeliveryError(AttemptOutcome.Interrupted.ToCode(), error),
        };
        return Fail(settlement, work, block: null, fallback, random);
    }

    private static Settlement Fail(
        Settlement settlement, DeliveryWork work, TimeSpan? block, RetrySchedule fallback, double random)
    {
        var schedule = work.Endpoint.Subscriber.Settings.RetrySchedule ?? fallback;
        if (schedule.DelayAfter(work.Failures + 1) is not { } delay)
            return settlement with { Disposition = Disposition.DeadLetter, BlockEndpointFor = block };

        var jittered = delay + (delay * (Jitter * random));
        return settlement with
        {
            Disposition = Disposition.Retry,
            RetryIn = block > jittered ? block.Value : jittered,
            BlockEndpointFor = block,
        };
    }

    /// <summary>
    /// The settlement of a delivery that has waited beyond the maximum age; null when it has not. Waiting at a gate that a
    /// person shut does not count.
    /// </summary>
    public static Settlement? Expire(DeliveryWork work, TimeSpan maxAge, DateTimeOffset now)
    {
        var openedAt = work.Endpoint.Subscriber.Gate.OpenedAt;
        var since = work.WaitingSince > openedAt ? work.WaitingSince : openedAt;
        if (now - since <= maxAge)
            return null;
        return new Settlement
        {
            Lease = work.Lease,
            Disposition = Disposition.DeadLetter,
            Error = Expired(maxAge),
        };
    }

    /// <summary>Why it is dead-lettered: it has waited beyond the maximum age.</summary>
    public static DeliveryError Expired(TimeSpan maxAge) =>
        new("expired", $"it waited longer than the maximum age of {DurationText.Format(maxAge)}");
}
