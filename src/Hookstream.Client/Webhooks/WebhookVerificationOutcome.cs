namespace Hookstream.Client.Webhooks;

/// <summary>What came of verifying a webhook; everything but <see cref="Verified"/> means: do not trust it.</summary>
public enum WebhookVerificationOutcome
{
    /// <summary>A header that the scheme needs is missing or empty.</summary>
    HeaderMissing = 0,

    /// <summary>The timestamp is not a number of seconds.</summary>
    TimestampInvalid,

    /// <summary>Signed longer ago than the tolerance: perhaps a replayed request, perhaps a clock that is wrong.</summary>
    TimestampTooOld,

    /// <summary>Signed further in the future than the tolerance: a clock is wrong.</summary>
    TimestampTooNew,

    /// <summary>No signature in the header is in a form that the scheme knows.</summary>
    SignatureMalformed,

    /// <summary>No signature matches: another secret, or a body that is not, byte for byte, what was sent.</summary>
    SignatureMismatch,

    /// <summary>The signature is by a secret that the verifier knows, and the timestamp (if the scheme has one) is recent.</summary>
    Verified,
}
