namespace Hookstream.Client.Subscribers;

/// <summary>A new signing secret, which is shown this once.</summary>
public sealed record SecretRotation
{
    /// <summary>The newest secret. Keep it: the server never shows it again.</summary>
    public required string Secret { get; init; }

    /// <summary>When the secret before it stops signing; null: it has.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; init; }
}
