using Hookstream.Core.Diagnoses;
using Hookstream.Core.Recoveries;

namespace Hookstream.Api.Tests.Doubles;

internal sealed class DeliveryStore : IDeliveryStore
{
    public List<(TenantId Tenant, DeliveryDetail Detail)> Deliveries { get; } = [];

    public ReplayOutcome NextOutcome { get; set; } = ReplayOutcome.Accepted;

    public RecoveryOutcome NextRecovery { get; set; } = RecoveryOutcome.NotFound;

    public (SubscriberId Subscriber, RecoveryWindow Window)? LastRecovery { get; private set; }

    public DeliveryQuery? LastQuery { get; private set; }

    public Dictionary<(TenantId Tenant, SubscriberId Subscriber), RecentFailures> Failures { get; } = [];

    public int LastFailureLimit { get; private set; }

    public bool LastDryRun { get; private set; }

    public Task<DeliveryDetail?> FindAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        Task.FromResult(Find(tenant, id));

    public Task<IReadOnlyList<DeliveryDetail>> OfEventAsync(TenantId tenant, EventId id, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<DeliveryDetail>>(
            [.. Deliveries.Where(entry => entry.Tenant == tenant).Select(entry => entry.Detail)]);

    public Task<Page<Delivery>> ListAsync(
        TenantId tenant, DeliveryQuery query, PageRequest page, CancellationToken cancellation)
    {
        LastQuery = query;
        return Task.FromResult(Pages.Of(
            Deliveries.Where(entry => entry.Tenant == tenant).Select(entry => entry.Detail.Delivery),
            delivery => delivery.Id.Value,
            page));
    }

    public Task<DeliveryOutcome> ReplayAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        Task.FromResult(Find(tenant, id) is { } found
            ? new DeliveryOutcome(NextOutcome, found.Delivery)
            : new DeliveryOutcome(ReplayOutcome.NotFound, null));

    public Task<DeliveryOutcome> CancelAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        ReplayAsync(tenant, id, cancellation);

    public Task<long> ReplayAllAsync(TenantId tenant, DeliveryQuery query, bool dryRun, CancellationToken cancellation)
    {
        LastQuery = query;
        LastDryRun = dryRun;
        return Task.FromResult(7L);
    }

    public Task<RecoveryResult> RecoverAsync(
        TenantId tenant, SubscriberId subscriber, RecoveryWindow window, CancellationToken cancellation)
    {
        LastRecovery = (subscriber, window);
        return Task.FromResult(new RecoveryResult(NextRecovery, NextRecovery == RecoveryOutcome.Accepted ? 9 : 0));
    }

    public Task<RecentFailures> FindFailuresAsync(
        TenantId tenant, SubscriberId subscriber, int limit, CancellationToken cancellation)
    {
        LastFailureLimit = limit;
        return Task.FromResult(Failures.TryGetValue((tenant, subscriber), out var found) ? found : RecentFailures.None);
    }

    public EndpointSnapshot? FindOpen(TenantId tenant, SubscriberId subscriber) => throw new NotSupportedException();

    public Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<int>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private DeliveryDetail? Find(TenantId tenant, DeliveryId id) =>
        Deliveries.Where(entry => entry.Tenant == tenant && entry.Detail.Delivery.Id == id)
            .Select(entry => entry.Detail).FirstOrDefault();
}
