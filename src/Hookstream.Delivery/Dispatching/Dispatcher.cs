using Hookstream.Core.Retries;
using Hookstream.Delivery.Settling;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>Claims for the slots that are free, loads what was claimed and starts its sends.</summary>
internal sealed class Dispatcher(
    IDeliveryQueue queue,
    IDeliveryStore store,
    ClaimLedger ledger,
    SettleQueue settling,
    DeliverySend sender,
    DispatchMetrics metrics,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<Dispatcher> logger)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan EmptyClaimInterval = TimeSpan.FromMilliseconds(10);

    // Batches that are loaded at a time.
    private const int MaxLoads = 3;

    private readonly StoreOutage _claimOutage = new();
    private readonly StoreOutage _releaseOutage = new();
    private readonly Queue<Task> _loads = new();
    private long _claimedAt;

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    /// <param name="stopping">Ends the loop; a claim under way is awaited and given back, so that nothing stays leased.</param>
    /// <param name="abandon">Cancels that too.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        await ClaimAsync(stopping, abandon).ConfigureAwait(false);
        while (_loads.TryDequeue(out var load))
            await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ClaimAsync(CancellationToken stopping, CancellationToken abandon)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stopping, abandon).ConfigureAwait(false);
                if (failures > 1)
                    logger.ClaimResumed(failures);
                failures = 0;
                _claimOutage.Over();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                ledger.ExpectMore();
                metrics.Failed();
                var backoff = FirstBackoff * Math.Pow(2, Math.Min(failures++, 10));
                backoff = backoff < LongestBackoff ? backoff : LongestBackoff;
                if (_claimOutage.IsNews(exception))
                    logger.ClaimFailed(backoff.TotalMilliseconds, exception);
                await Task.Delay(backoff, time, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StepAsync(CancellationToken stopping, CancellationToken abandon)
    {
        if (ledger.Prepare() is not { } request)
        {
            await EndLoadsAsync().ConfigureAwait(false);
            await ledger.WaitForSlotAsync(stopping).ConfigureAwait(false);
            return;
        }

        // Only for moments: a claim is also when the queue looks at what nobody has told it of.
        if (!ledger.MayFindMore && time.GetElapsedTime(_claimedAt) < EmptyClaimInterval)
        {
            await EndLoadsAsync().ConfigureAwait(false);
            await WaitAsync(stopping).ConfigureAwait(false);
            return;
        }

        var heldSince = time.GetTimestamp();
        _claimedAt = heldSince;
        var leases = await queue.ClaimAsync(request, abandon).ConfigureAwait(false);
        metrics.Claimed(leases.Count, time.GetElapsedTime(heldSince));
        if (leases.Count == 0)
        {
            ledger.Add(request, leases, heldSince);
            await EndLoadsAsync().ConfigureAwait(false);
            await WaitAsync(stopping).ConfigureAwait(false);
            return;
        }

        // Loaded while the next ones are claimed.
        var claims = ledger.Add(request, leases, heldSince);
        try
        {
            while (_loads.Count >= MaxLoads || (_loads.TryPeek(out var load) && load.IsCompleted))
                await _loads.Dequeue().ConfigureAwait(false);
        }
        finally
        {
            _loads.Enqueue(LoadAsync(leases, claims, stopping, abandon));
        }
    }

    private async Task EndLoadsAsync()
    {
        while (_loads.TryDequeue(out var load))
            await load.ConfigureAwait(false);
    }

    private async Task LoadAsync(
        IReadOnlyList<Lease> leases, Claim[] claims, CancellationToken stopping, CancellationToken abandon)
    {
        var loading = new Dictionary<DeliveryId, Claim>(claims.Length);
        foreach (var claim in claims)
            loading[claim.Lease.Delivery] = claim;
        try
        {
            var works = await store.LoadAsync(leases, abandon).ConfigureAwait(false);
            if (stopping.IsCancellationRequested)
                return;
            foreach (var work in works)
            {
                // Where the circuit has opened since it was claimed, it is given back like what is not there any more.
                if (MayBeSent(work.Lease, work.Endpoint) && loading.Remove(work.Lease.Delivery, out var claim))
                    Start(work, claim);
            }
        }
        finally
        {
            // What could not be loaded, is not there any more, or came too late.
            if (loading.Count > 0)
                await ReleaseAsync([.. loading.Values], abandon).ConfigureAwait(false);
        }
    }

    /// <summary>False when the circuit is open and this is not the probe.</summary>
    public static bool MayBeSent(Lease lease, EndpointSnapshot endpoint) =>
        lease.IsProbe || !endpoint.Subscriber.Gate.Circuit.IsOpen;

    private void Start(DeliveryWork work, Claim claim)
    {
        claim.Work = work;
        if (work.LostLeases > 0)
            metrics.TookOver();
        if (RetryPolicy.Expire(work, options.MaxAge, options.Now(time)) is { } expired)
        {
            logger.Expired(work.Lease.Delivery, work.Lease.Subscriber, expired.Error!.Message);
            settling.Add(claim, expired);
            ledger.EndSend(claim, succeeded: null);
            return;
        }

        if (RetryPolicy.AfterLostLeases(work, options.RetrySchedule, options.Now(time), Random.Shared.NextDouble()) is { } failed)
        {
            logger.LeasesLost(work.Lease.Delivery, work.Lease.Subscriber, work.LostLeases);
            settling.Add(claim, failed);
            ledger.EndSend(claim, succeeded: null);
            return;
        }

        claim.Sender = sender;
        claim.Lane.MaxInFlight = work.Endpoint.Subscriber.Settings.MaxInFlight;
        ledger.Start(claim);
    }

    private async Task ReleaseAsync(Claim[] claims, CancellationToken abandon)
    {
        try
        {
            await queue.ReleaseAsync(Array.ConvertAll(claims, claim => claim.Lease), abandon).ConfigureAwait(false);
            _releaseOutage.Over();
        }
        catch (Exception exception)
        {
            if (_releaseOutage.IsNews(exception))
                logger.ReleaseFailed(claims.Length, exception);
        }

        foreach (var claim in claims)
            ledger.Close(claim);
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        if (!ledger.IsBusy)
        {
            // Slots that were freed while the claim ran may be what it lacked; nothing is left whose end would say so.
            if (ledger.TakeFreed())
                return;
            await queue.WaitAsync(stopping).ConfigureAwait(false);
            ledger.ExpectMore();
            return;
        }

        // An endpoint at its limit may have more due, which the queue says nothing about when a send of it ends.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var due = queue.WaitAsync(either.Token);
        var slot = ledger.WaitForSlotAsync(either.Token);
        await Task.WhenAny(due, slot).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        await slot.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await due.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (due.IsFaulted)
            await due.ConfigureAwait(false);
        if (due.IsCompletedSuccessfully)
            ledger.ExpectMore();
    }
}
