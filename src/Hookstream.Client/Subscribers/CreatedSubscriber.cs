namespace Hookstream.Client.Subscribers;

/// <summary>A subscriber just registered, with the secret that is shown this once.</summary>
public sealed record CreatedSubscriber : Subscriber
{
    /// <summary>The signing secret, for <see cref="Webhooks.WebhookVerifier"/>. Keep it: the server never shows it again.</summary>
    public required string Secret { get; init; }
}
