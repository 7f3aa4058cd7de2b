namespace Hookstream.Api.Tests.Doubles;

internal sealed class SubscriberStore(TimeProvider clock) : ISubscriberStore
{
    private readonly Dictionary<SubscriberId, (Subscriber Subscriber, SigningSecrets Secrets)> _subscribers = [];

    public Task<Subscriber> CreateAsync(
        TenantId tenant, SubscriberSettings settings, SigningSecret secret, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gate = new EndpointGate { Verification = settings.Verification ?? VerificationMode.Optional, OpenedAt = now };
        var made = new Subscriber(SubscriberId.New(now), tenant, settings, gate, now, now);
        _subscribers.Add(made.Id, (made, new SigningSecrets(secret)));
        return Task.FromResult(made);
    }

    public ValueTask<Subscriber?> FindAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        new(Find(tenant, id)?.Subscriber);

    public ValueTask<EndpointSnapshot?> FindEndpointAsync(
        TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        new(Find(tenant, id) is { } found ? new EndpointSnapshot(found.Subscriber, found.Secrets) : null);

    public Task<Page<Subscriber>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        Task.FromResult(Pages.Of(
            _subscribers.Values.Select(entry => entry.Subscriber).Where(subscriber => subscriber.Tenant == tenant),
            subscriber => subscriber.Id.Value,
            page));

    public Task<Subscriber?> UpdateAsync(
        TenantId tenant, SubscriberId id, Func<SubscriberSettings, SubscriberSettings> change, CancellationToken cancellation) =>
        ChangeAsync(tenant, id, subscriber => subscriber with { Settings = change(subscriber.Settings) });

    public Task<SigningSecrets?> RotateSecretAsync(
        TenantId tenant, SubscriberId id, SigningSecret secret, TimeSpan grace, CancellationToken cancellation) =>
        Task.FromResult(ChangeSecrets(tenant, id, secrets => secrets.Rotate(secret, grace, clock.GetUtcNow())));

    public Task<bool> EndGracePeriodAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        Task.FromResult(ChangeSecrets(tenant, id, secrets => new SigningSecrets(secrets.Current)) is not null);

    public Task<Subscriber?> SetPausedAsync(
        TenantId tenant, SubscriberId id, bool paused, CancellationToken cancellation) =>
        ChangeAsync(tenant, id, subscriber => subscriber with { Gate = subscriber.Gate with { Paused = paused } });

    public Task<Subscriber?> ResetCircuitAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        ChangeAsync(tenant, id, subscriber => subscriber with
        {
            Gate = subscriber.Gate with { Circuit = subscriber.Gate.Circuit.Reset() },
        });

    public Task<bool> DeleteAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        Task.FromResult(Find(tenant, id) is not null && _subscribers.Remove(id));

    public Task<IReadOnlyList<DueChallenge>> TakeChallengesAsync(int limit, TimeSpan hold, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task ReturnChallengeAsync(DueChallenge taken, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Subscriber?> RecordChallengeAsync(
        TenantId tenant, SubscriberId id, Uri url, bool verified, int failuresBefore, TimeSpan? retryIn, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private Task<Subscriber?> ChangeAsync(TenantId tenant, SubscriberId id, Func<Subscriber, Subscriber> change)
    {
        if (Find(tenant, id) is not { } found)
            return Task.FromResult<Subscriber?>(null);
        var changed = change(found.Subscriber);
        _subscribers[id] = (changed, found.Secrets);
        return Task.FromResult<Subscriber?>(changed);
    }

    private SigningSecrets? ChangeSecrets(TenantId tenant, SubscriberId id, Func<SigningSecrets, SigningSecrets> change)
    {
        if (Find(tenant, id) is not { } found)
            return null;
        _subscribers[id] = (found.Subscriber, change(found.Secrets));
        return _subscribers[id].Secrets;
    }

    private (Subscriber Subscriber, SigningSecrets Secrets)? Find(TenantId tenant, SubscriberId id) =>
        _subscribers.TryGetValue(id, out var found) && found.Subscriber.Tenant == tenant ? found : null;
}
