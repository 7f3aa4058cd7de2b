using System.Diagnostics;
using Hookstream.Core.Retries;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Settling;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>Makes the one attempt of a claim and hands its outcome on to be settled.</summary>
internal sealed class DeliverySend(
    WebhookSender sender,
    IDeliveryQueue queue,
    IDeliveryStore store,
    ClaimLedger ledger,
    SettleQueue settling,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<DeliverySend> logger) : IDisposable
{
    private readonly CancellationTokenSource _interrupt = new();

    // Time for the request to reach the endpoint and for its outcome to be recorded.
    private TimeSpan TrustedAge => options.LeaseDuration * 0.75;

    /// <summary>Begins; what comes of it goes to the settle queue.</summary>
    public void Start(Claim claim) => _ = RunAsync(claim);

    /// <summary>Cuts off every send in flight.</summary>
    public void Interrupt() => _interrupt.Cancel();

    public void Dispose() => _interrupt.Dispose();

    private async Task RunAsync(Claim claim)
    {
        var work = claim.Work!;
        if (claim.Waited)
        {
            // It may have been paused, given another URL or another secret while this waited.
            if (store.FindOpen(claim.Lease.Tenant, claim.Lease.Subscriber) is not { } endpoint
                || !Dispatcher.MayBeSent(claim.Lease, endpoint))
            {
                await GiveBackAsync(claim).ConfigureAwait(false);
                return;
            }

            if (!ReferenceEquals(endpoint, work.Endpoint))
                work = work with { Endpoint = endpoint };
        }

        Settlement settlement;
        Activity? span = null;
        var trace = work.Trace;
        try
        {
            if (time.GetElapsedTime(claim.HeldSince) > TrustedAge && !await StillHeldAsync(claim).ConfigureAwait(false))
            {
                logger.NotSent(claim.Lease.Delivery);
                ledger.Close(claim);
                return;
            }

            var message = WebhookMessage.Of(work);
            span = AttemptTrace.Start(message, claim.Lane);
            if (span is not null)
                message.Trace = trace = TraceContext.Of(span);
            var result = await sender.SendAsync(message, Attempt.MaxResponseBody, _interrupt.Token)
                .ConfigureAwait(false);
            settlement = Decide(work, result.Attempt, result.RetryAfter);
        }
        catch (Exception exception)
        {
            // A failed attempt, so that what cannot be sent at all spends its budget instead of coming back for ever.
            logger.SendFailed(claim.Lease.Delivery, exception);
            settlement = Decide(work, Unsendable(work), null);
        }

        AttemptTrace.End(span, settlement.Attempt!);

        // The slot last: once no send is in flight, a shutdown takes it that every outcome is queued.
        settling.Add(claim, settlement);
        logger.AttemptMade(work, trace, settlement, options.Now(time));
        ledger.EndSend(claim, settlement.Attempt?.Outcome switch
        {
            null or AttemptOutcome.Interrupted => null,
            var outcome => outcome == AttemptOutcome.Delivered,
        });
    }

    private Settlement Decide(DeliveryWork work, Attempt attempt, TimeSpan? retryAfter) =>
        RetryPolicy.Decide(work, attempt, retryAfter, options.RetrySchedule, Random.Shared.NextDouble(), options.DisableAfter);

    // Whatever becomes of it, nothing was sent: it is no attempt.
    // With all that waits behind it, which would be given back one by one.
    private async Task GiveBackAsync(Claim claim)
    {
        List<Claim> claims = [claim, .. ledger.TakeWaiting(claim.Lane)];
        try
        {
            await queue.ReleaseAsync(claims.ConvertAll(one => one.Lease), _interrupt.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.ReleaseFailed(claims.Count, exception);
        }

        claims.ForEach(ledger.Close);
    }

    private async ValueTask<bool> StillHeldAsync(Claim claim)
    {
        var now = time.GetTimestamp();
        try
        {
            var lost = await queue.RenewAsync([claim.Lease], options.LeaseDuration, _interrupt.Token)
                .ConfigureAwait(false);
            ledger.Renewed([claim], lost, now);
            return lost.Count == 0;
        }
        catch (Exception exception)
        {
            // Whoever has it now sends it; if nobody has, it is claimed again when the lease has run out.
            logger.RenewFailed(1, exception);
            return false;
        }
    }

    private Attempt Unsendable(DeliveryWork work)
    {
        var now = options.Now(time);
        return new Attempt
        {
            Id = AttemptId.New(now),
            Number = work.AttemptCount + 1,
            Trigger = work.Trigger,
            StartedAt = now,
            Duration = TimeSpan.Zero,
            Outcome = AttemptOutcome.InvalidResponse,
            Error = "the request could not be made; the server's log says why",
            RequestHeaders = "{}"u8.ToArray(),
        };
    }
}
