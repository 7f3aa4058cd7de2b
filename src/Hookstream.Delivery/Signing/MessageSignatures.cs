using Hookstream.Core.Signing;

namespace Hookstream.Delivery.Signing;

/// <summary>The values of the signature headers of one message.</summary>
/// <param name="Body"><c>X-Hookstream-Signature</c>.</param>
/// <param name="NextBody"><c>X-Hookstream-Signature-Next</c>; null outside a grace period.</param>
/// <param name="Standard"><c>webhook-signature</c>.</param>
internal readonly record struct MessageSignatures(string Body, string? NextBody, string Standard)
{
    /// <summary>
    /// Signs. During a grace period the previous secret signs <c>X-Hookstream-Signature</c>, so that a receiver that knows
    /// one secret keeps working until it is switched.
    /// </summary>
    /// <param name="secrets">The live secrets.</param>
    /// <param name="now">Decides whether the previous one is still live.</param>
    /// <param name="body">The body.</param>
    /// <param name="signed"><c>id.timestamp.body</c>.</param>
    public static MessageSignatures Of(
        SigningSecrets secrets, DateTimeOffset now, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signed)
    {
        var current = WebhookSignature.OfBody(secrets.Current, body);
        var standard = WebhookSignature.OfMessage(secrets.Current, signed);
        return secrets.LivePrevious(now) is { } previous
            ? new MessageSignatures(
                WebhookSignature.OfBody(previous, body),
                current,
                string.Concat(standard, " ", WebhookSignature.OfMessage(previous, signed)))
            : new MessageSignatures(current, null, standard);
    }
}
