namespace Hookstream.Api.Subscribers;

/// <summary>The newest secret, shown this once.</summary>
/// <param name="Secret">It.</param>
/// <param name="PreviousSecretExpiresAt">When the one before it ends; null: there is none any more.</param>
internal sealed record SecretRotationResponse(string Secret, DateTimeOffset? PreviousSecretExpiresAt);
