using Hookstream.Client.Webhooks;

namespace Hookstream.Server.Commands.Listen;

/// <summary>What came of verifying a request by both schemes.</summary>
/// <param name="Verified">Both are right; null: not checked, for want of a secret.</param>
/// <param name="Problem">What is wrong, by header; null when nothing is.</param>
internal sealed record SignatureCheck(bool? Verified, string? Problem)
{
    public static SignatureCheck None { get; } = new(null, null);

    public static SignatureCheck Run(WebhookVerifier? verifier, ReadOnlySpan<byte> body, Func<string, string?> header)
    {
        if (verifier is null)
            return None;
        var standard = Describe(WebhookHeaders.Signature, verifier.Verify(body, header));
        var own = Describe(
            WebhookHeaders.HookstreamSignature,
            verifier.VerifyHookstreamSignature(body, header(WebhookHeaders.HookstreamSignature)));
        var problems = new[] { standard, own }.OfType<string>().ToArray();
        return problems.Length == 0 ? new SignatureCheck(true, null) : new SignatureCheck(false, string.Join("; ", problems));
    }

    private static string? Describe(string header, WebhookVerificationOutcome outcome) =>
        outcome switch
        {
            WebhookVerificationOutcome.Verified => null,
            WebhookVerificationOutcome.HeaderMissing => $"{header} or what it needs is missing",
            WebhookVerificationOutcome.TimestampInvalid => "webhook-timestamp is no number of seconds",
            WebhookVerificationOutcome.TimestampTooOld => "webhook-timestamp is more than 5 minutes old",
            WebhookVerificationOutcome.TimestampTooNew => "webhook-timestamp is more than 5 minutes in the future",
            WebhookVerificationOutcome.SignatureMalformed => $"{header} has no signature in a known form",
            _ => $"{header} does not match: signed with another secret, or the body was changed",
        };
}
