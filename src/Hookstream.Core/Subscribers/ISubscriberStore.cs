using Hookstream.Core.Paging;
using Hookstream.Core.Signing;

namespace Hookstream.Core.Subscribers;

/// <summary>Subscribers of a tenant. Every write is committed when its task completes; null: the tenant has no such one.</summary>
public interface ISubscriberStore
{
    /// <summary>
    /// Makes a subscriber. Events appended after this has completed match it. When it has to be verified, a challenge is due
    /// at once.
    /// </summary>
    Task<Subscriber> CreateAsync(
        TenantId tenant, SubscriberSettings settings, SigningSecret secret, CancellationToken cancellation);

    /// <summary>Finds a subscriber.</summary>
    ValueTask<Subscriber?> FindAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation);

    /// <summary>Finds a subscriber with what is needed to send to it.</summary>
    ValueTask<EndpointSnapshot?> FindEndpointAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation);

    /// <summary>Lists subscribers, newest first.</summary>
    Task<Page<Subscriber>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// Applies <paramref name="change"/> to a subscriber's settings. A new URL makes it unverified again and its challenge
    /// due; what is not yet sent goes to the new URL.
    /// </summary>
    Task<Subscriber?> UpdateAsync(
        TenantId tenant,
        SubscriberId id,
        Func<SubscriberSettings, SubscriberSettings> change,
        CancellationToken cancellation);

    /// <summary>
    /// Makes a secret the newest one, as <see cref="SigningSecrets.Rotate"/> says; on other nodes within a second.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The subscriber.</param>
    /// <param name="secret">The newest secret from now on.</param>
    /// <param name="grace">How long the one before it is honoured; zero: not at all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>What is live from now on.</returns>
    Task<SigningSecrets?> RotateSecretAsync(
        TenantId tenant, SubscriberId id, SigningSecret secret, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Ends the grace period of the secret before the newest, where there is one. False: no such subscriber.</summary>
    Task<bool> EndGracePeriodAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation);

    /// <summary>
    /// Pauses or resumes. After a pause has completed nothing more is claimed, on any node. Resuming a disabled one enables
    /// it, once what was pending at its disabling has been cancelled.
    /// </summary>
    Task<Subscriber?> SetPausedAsync(TenantId tenant, SubscriberId id, bool paused, CancellationToken cancellation);

    /// <summary>Closes the circuit; the results of what is under way change it no more.</summary>
    Task<Subscriber?> ResetCircuitAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation);

    /// <summary>
    /// Deletes a subscriber: nothing more is claimed, and what is pending reads as cancelled from now on. False: none.
    /// </summary>
    Task<bool> DeleteAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation);

    /// <summary>
    /// Takes challenges that are due, so that each is sent once, whoever asks: it is due again, and answered to others, when
    /// <paramref name="hold"/> is over and nothing was recorded.
    /// </summary>
    /// <param name="limit">Most to take.</param>
    /// <param name="hold">How long sending may take.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<IReadOnlyList<DueChallenge>> TakeChallengesAsync(int limit, TimeSpan hold, CancellationToken cancellation);

    /// <summary>Gives a challenge back that was not sent to its end: it is due at once.</summary>
    Task ReturnChallengeAsync(DueChallenge taken, CancellationToken cancellation);

    /// <summary>
    /// Records what came of a challenge, unless the URL has changed since it was sent.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The subscriber.</param>
    /// <param name="url">Where the challenge was sent.</param>
    /// <param name="verified">True when it was answered.</param>
    /// <param name="failuresBefore">How many had failed when it was taken; where more have by now, a failure is not counted.</param>
    /// <param name="retryIn">When to send the next one; null: no more.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<Subscriber?> RecordChallengeAsync(
        TenantId tenant,
        SubscriberId id,
        Uri url,
        bool verified,
        int failuresBefore,
        TimeSpan? retryIn,
        CancellationToken cancellation);
}
