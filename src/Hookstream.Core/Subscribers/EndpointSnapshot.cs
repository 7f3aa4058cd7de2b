using Hookstream.Core.Signing;

namespace Hookstream.Core.Subscribers;

/// <summary>What a worker needs to know of an endpoint to send to it. Immutable, shared, never logged whole.</summary>
/// <param name="Subscriber">The subscriber.</param>
/// <param name="Secrets">Its live secrets.</param>
public sealed record EndpointSnapshot(Subscriber Subscriber, SigningSecrets Secrets)
{
    /// <summary>The subscriber's id.</summary>
    public SubscriberId Id => Subscriber.Id;

    /// <summary>Without secrets.</summary>
    public override string ToString() => Id.ToString();
}
