using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// Keeps the leases of long sends, and of outcomes that the store does not take yet, and gives back what waits in vain.
/// </summary>
internal sealed class LeaseRenewer(
    IDeliveryQueue queue,
    ClaimLedger ledger,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<LeaseRenewer> logger)
{
    // An endpoint that has come to a halt would keep from others what was claimed ahead for it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly StoreOutage _outage = new();
    private readonly StoreOutage _giveBackOutage = new();

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.LeaseDuration / 12, time);
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
        {
            await GiveBackAsync(LongestWait, stopping).ConfigureAwait(false);
            await RenewAsync(stopping).ConfigureAwait(false);
        }
    }

    /// <summary>Gives back what waits for a slot of its endpoint for longer than <paramref name="age"/>.</summary>
    public async Task GiveBackAsync(TimeSpan age, CancellationToken cancellation)
    {
        var claims = ledger.TakeWaiting(age);
        if (claims.Count == 0)
            return;
        try
        {
            await queue.ReleaseAsync(claims.ConvertAll(claim => claim.Lease), cancellation).ConfigureAwait(false);
            _giveBackOutage.Over();
        }
        catch (Exception exception)
        {
            if (_giveBackOutage.IsNews(exception))
                logger.ReleaseFailed(claims.Count, exception);
        }

        claims.ForEach(ledger.Close);
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        var claims = ledger.HeldLongerThan(options.LeaseDuration / 3);
        if (claims.Count == 0)
            return;
        var now = time.GetTimestamp();
        try
        {
            var lost = await queue.RenewAsync(
                claims.ConvertAll(claim => claim.Lease), options.LeaseDuration, stopping).ConfigureAwait(false);
            // A send under a lost lease goes on: the endpoint may have it already. It settles as late.
            foreach (var lease in ledger.Renewed(claims, lost, now))
                logger.LeaseLost(lease.Delivery);
            _outage.Over();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (_outage.IsNews(exception))
                logger.RenewFailed(claims.Count, exception);
        }
    }
}
