using Hookstream.Core.Diagnoses;
using Hookstream.Core.Paging;
using Hookstream.Core.Recoveries;
using Hookstream.Storage.Postgres.Replays;

namespace Hookstream.Storage.Postgres.Deliveries;

internal sealed class PostgresDeliveryStore(
    WorkLoading loading,
    SettleTransaction settling,
    DeliveryReading reading,
    FailureReading failures,
    DeliveryReplay replay,
    BulkReplay bulk,
    Recovery recovery,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    StoreClock clock) : IDeliveryStore
{
    public EndpointSnapshot? FindOpen(TenantId tenant, SubscriberId subscriber) =>
        subscribers.FindOpen(tenant, subscriber, clock.GetUtcNow());

    public Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation) =>
        loading.LoadAsync(leases, cancellation);

    public Task<IReadOnlyList<int>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation) =>
        settlements.Count == 0 ? Task.FromResult<IReadOnlyList<int>>([]) : settling.SettleAsync(settlements, cancellation);

    public async Task<DeliveryDetail?> FindAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner) ? await reading.FindAsync(owner.No, id, cancellation) : null;

    public async Task<IReadOnlyList<DeliveryDetail>> OfEventAsync(
        TenantId tenant, EventId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner) ? await reading.OfEventAsync(owner.No, id, cancellation) : [];

    public async Task<Page<Delivery>> ListAsync(
        TenantId tenant, DeliveryQuery query, PageRequest page, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await reading.ListAsync(owner.No, query, page, cancellation)
            : new Page<Delivery>([], null);

    public async Task<RecentFailures> FindFailuresAsync(
        TenantId tenant, SubscriberId subscriber, int limit, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner) ? await failures.FindAsync(owner.No, subscriber, limit, cancellation) : RecentFailures.None;

    public async Task<DeliveryOutcome> ReplayAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await WithDeliveryAsync(tenant, id, await replay.ReplayAsync(owner.No, id, cancellation), cancellation)
            : new DeliveryOutcome(ReplayOutcome.NotFound, null);

    public async Task<DeliveryOutcome> CancelAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await WithDeliveryAsync(tenant, id, await replay.CancelAsync(owner.No, id, cancellation), cancellation)
            : new DeliveryOutcome(ReplayOutcome.NotFound, null);

    public async Task<long> ReplayAllAsync(
        TenantId tenant, DeliveryQuery query, bool dryRun, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner) ? await bulk.AcceptAsync(owner.No, query, dryRun, cancellation) : 0;

    public async Task<RecoveryResult> RecoverAsync(
        TenantId tenant, SubscriberId subscriber, RecoveryWindow window, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await recovery.AcceptAsync(owner.No, subscriber, window, cancellation)
            : new RecoveryResult(RecoveryOutcome.NotFound, 0);

    private async Task<DeliveryOutcome> WithDeliveryAsync(
        TenantId tenant, DeliveryId id, ReplayOutcome outcome, CancellationToken cancellation) =>
        new(outcome, (await FindAsync(tenant, id, cancellation))?.Delivery);
}
