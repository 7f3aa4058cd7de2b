namespace Hookstream.Api.Subscribers;

/// <summary>A new signing secret.</summary>
internal sealed record SecretRotationRequest
{
    public static readonly string[] FieldNames = ["secret", "grace_period_seconds"];

    /// <summary>
    /// The new secret: standard base64 of 24 to 64 bytes, with or without the prefix whsec_. Generated when left out. The one
    /// that is the newest already changes the grace period only, so that a call may be repeated.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>How long the secret before it stays live: 0 to 2592000, 86400 when left out; 0 ends it at once.</summary>
    public int? GracePeriodSeconds { get; init; }
}
