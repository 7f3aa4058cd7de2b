using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>Keeps the leases of long sends, and of outcomes that the store does not take yet.</summary>
internal sealed class LeaseRenewer(
    IDeliveryQueue queue,
    ClaimLedger ledger,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<LeaseRenewer> logger)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.LeaseDuration / 12, time);
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            await RenewAsync(stopping).ConfigureAwait(false);
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
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.RenewFailed(claims.Count, exception);
        }
    }
}
