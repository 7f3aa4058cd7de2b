namespace Hookstream.Client.Webhooks;

/// <summary>The headers that a delivery carries; compare them without regard to case.</summary>
public static class WebhookHeaders
{
    /// <summary>The event's id, the same for every attempt: what to deduplicate by (Standard Webhooks).</summary>
    public const string Id = "webhook-id";

    /// <summary>When the attempt was signed, in seconds since 1970 (Standard Webhooks).</summary>
    public const string Timestamp = "webhook-timestamp";

    /// <summary>One or more <c>v1,</c> signatures, separated by spaces (Standard Webhooks).</summary>
    public const string Signature = "webhook-signature";

    /// <summary><c>sha256=</c> and the HMAC of the body in hex.</summary>
    public const string HookstreamSignature = "X-Hookstream-Signature";

    /// <summary>The same by the newest secret, during a rotation.</summary>
    public const string HookstreamSignatureNext = "X-Hookstream-Signature-Next";

    /// <summary>The event's type.</summary>
    public const string Event = "X-Hookstream-Event";

    /// <summary>The delivery's id, <c>dlv_…</c>.</summary>
    public const string Delivery = "X-Hookstream-Delivery";

    /// <summary>The number of the attempt, from 1.</summary>
    public const string Attempt = "X-Hookstream-Attempt";
}
