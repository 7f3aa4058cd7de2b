using Hookstream.Core.Paging;
using Hookstream.Core.Signing;

namespace Hookstream.Delivery.Tests.Stores;

/// <summary>The challenge side of a subscriber store: hands out what is due and remembers what was recorded.</summary>
internal sealed class FakeSubscribers : ISubscriberStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SubscriberId, DueChallenge> _due = [];

    public List<(SubscriberId Id, Uri Url, bool Verified, TimeSpan? RetryIn)> Recorded { get; } = [];

    public void AddDue(DueChallenge challenge)
    {
        lock (_lock)
            _due[challenge.Endpoint.Id] = challenge;
    }

    public int RecordedCount()
    {
        lock (_lock)
            return Recorded.Count;
    }

    public List<SubscriberId> Returned { get; } = [];

    public Task<IReadOnlyList<DueChallenge>> TakeChallengesAsync(int limit, TimeSpan hold, CancellationToken cancellation)
    {
        lock (_lock)
        {
            DueChallenge[] taken = [.. _due.Values.Take(limit)];
            foreach (var challenge in taken)
                _due.Remove(challenge.Endpoint.Id);
            return Task.FromResult<IReadOnlyList<DueChallenge>>(taken);
        }
    }

    public Task ReturnChallengeAsync(DueChallenge taken, CancellationToken cancellation)
    {
        lock (_lock)
            Returned.Add(taken.Endpoint.Id);
        return Task.CompletedTask;
    }

    public Task<Subscriber?> RecordChallengeAsync(
        TenantId tenant, SubscriberId id, Uri url, bool verified, int failuresBefore, TimeSpan? retryIn, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Recorded.Add((id, url, verified, retryIn));
        }

        return Task.FromResult<Subscriber?>(null);
    }

    public Task<Subscriber> CreateAsync(
        TenantId tenant, SubscriberSettings settings, SigningSecret secret, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<Subscriber?> FindAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<EndpointSnapshot?> FindEndpointAsync(
        TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Page<Subscriber>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Subscriber?> UpdateAsync(
        TenantId tenant,
        SubscriberId id,
        Func<SubscriberSettings, SubscriberSettings> change,
        CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<SigningSecrets?> RotateSecretAsync(
        TenantId tenant, SubscriberId id, SigningSecret secret, TimeSpan grace, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<bool> EndGracePeriodAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Subscriber?> SetPausedAsync(
        TenantId tenant, SubscriberId id, bool paused, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Subscriber?> ResetCircuitAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<bool> DeleteAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
