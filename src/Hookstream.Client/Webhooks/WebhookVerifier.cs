using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Client.Webhooks;

/// <summary>Verifies webhooks that were received, by either of the two schemes that Hookstream signs with. Thread-safe.</summary>
/// <remarks>
/// <para><see cref="Verify(ReadOnlySpan{byte}, string?, string?, string?)"/> is the scheme of
/// <see href="https://www.standardwebhooks.com">Standard Webhooks</see>: HMAC-SHA256 of <c>id.timestamp.body</c>, keyed with
/// the <em>decoded</em> base64 part of the secret. Prefer it: the timestamp keeps a recorded request from being replayed.</para>
/// <para><see cref="VerifyHookstreamSignature"/> is the scheme of <c>X-Hookstream-Signature</c>: HMAC-SHA256 of the body, keyed
/// with the secret <em>string</em> exactly as it was shown, prefix included, in UTF-8.</para>
/// <para>Verify the bytes that were received, before any JSON parser or framework touches them.</para>
/// </remarks>
public sealed class WebhookVerifier
{
    /// <summary>How far a timestamp may be off in either direction unless told otherwise: 5 minutes, as Standard Webhooks
    /// recommends.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const string HookstreamPrefix = "sha256=";

    private readonly WebhookSecret[] _secrets;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a verifier for one secret.</summary>
    /// <param name="secret">The secret as Hookstream showed it: standard base64 of 24 to 64 bytes, with or without the prefix
    /// <c>whsec_</c>.</param>
    /// <param name="tolerance">How far a timestamp may be off; null: <see cref="DefaultTolerance"/>.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <exception cref="ArgumentException">The secret is in no such form. The message does not repeat it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public WebhookVerifier(string secret, TimeSpan? tolerance = null, TimeProvider? timeProvider = null)
        : this([secret], tolerance, timeProvider)
    {
    }

    /// <summary>Creates a verifier for several secrets, any of which may have signed, e.g. while one is being replaced.</summary>
    /// <param name="secrets">One or more secrets, in the form described for one.</param>
    /// <param name="tolerance">How far a timestamp may be off; null: <see cref="DefaultTolerance"/>.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is in no such form.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public WebhookVerifier(IEnumerable<string> secrets, TimeSpan? tolerance = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _secrets = [.. secrets.Select(WebhookSecret.Parse)];
        if (_secrets.Length == 0)
            throw new ArgumentException("At least one secret is needed", nameof(secrets));
        _tolerance = tolerance ?? DefaultTolerance;
        ArgumentOutOfRangeException.ThrowIfLessThan(_tolerance, TimeSpan.Zero, nameof(tolerance));
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Verifies by Standard Webhooks, taking the three headers from where the caller's framework keeps them.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="header">Gives the value of a header by its name, without regard to case; null when it is missing.</param>
    public WebhookVerificationOutcome Verify(ReadOnlySpan<byte> body, Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return Verify(body, header(WebhookHeaders.Id), header(WebhookHeaders.Timestamp), header(WebhookHeaders.Signature));
    }

    /// <summary>Verifies by Standard Webhooks.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, seconds since 1970.</param>
    /// <param name="signature">The value of <c>webhook-signature</c>: any one of its <c>v1</c> signatures suffices, other
    /// versions are passed over.</param>
    public WebhookVerificationOutcome Verify(ReadOnlySpan<byte> body, string? id, string? timestamp, string? signature)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signature))
            return WebhookVerificationOutcome.HeaderMissing;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return WebhookVerificationOutcome.TimestampInvalid;

        // Signature first: a wrong clock is worth reporting only for what a holder of the secret sent.
        var outcome = MatchStandard(body, id, timestamp, signature);
        return outcome == WebhookVerificationOutcome.Verified ? CheckTime(seconds) : outcome;
    }

    /// <summary>Verifies the body alone, by the scheme of <c>X-Hookstream-Signature</c>. There is no timestamp in it.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="signature">The value of <c>X-Hookstream-Signature</c> (or <c>X-Hookstream-Signature-Next</c>):
    /// <c>sha256=</c> and 64 hex digits.</param>
    public WebhookVerificationOutcome VerifyHookstreamSignature(ReadOnlySpan<byte> body, string? signature)
    {
        if (string.IsNullOrEmpty(signature))
            return WebhookVerificationOutcome.HeaderMissing;

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var digits = signature.AsSpan().Trim();
        if (!digits.StartsWith(HookstreamPrefix, StringComparison.Ordinal)
            || digits.Length != HookstreamPrefix.Length + (2 * given.Length)
            || Convert.FromHexString(digits[HookstreamPrefix.Length..], given, out _, out _) != System.Buffers.OperationStatus.Done)
            return WebhookVerificationOutcome.SignatureMalformed;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var matched = false;
        foreach (var secret in _secrets)
        {
            HMACSHA256.HashData(secret.Text, body, expected);
            matched |= CryptographicOperations.FixedTimeEquals(expected, given);
        }

        return matched ? WebhookVerificationOutcome.Verified : WebhookVerificationOutcome.SignatureMismatch;
    }

    private WebhookVerificationOutcome MatchStandard(ReadOnlySpan<byte> body, string id, string timestamp, string signature)
    {
        var expected = new byte[_secrets.Length][];
        for (var i = 0; i < _secrets.Length; i++)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secrets[i].Key);
            hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
            hash.AppendData(body);
            expected[i] = hash.GetHashAndReset();
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var recognised = false;
        var matched = false;
        foreach (var range in signature.AsSpan().Split(' '))
        {
            var part = signature.AsSpan(range);
            if (!part.StartsWith("v1,", StringComparison.Ordinal)
                || !Convert.TryFromBase64Chars(part[3..], given, out var length)
                || length != given.Length)
                continue;
            recognised = true;
            foreach (var candidate in expected)
                matched |= CryptographicOperations.FixedTimeEquals(candidate, given);
        }

        if (matched)
            return WebhookVerificationOutcome.Verified;
        return recognised ? WebhookVerificationOutcome.SignatureMismatch : WebhookVerificationOutcome.SignatureMalformed;
    }

    private WebhookVerificationOutcome CheckTime(long seconds)
    {
        // In seconds, not as dates: a number far out of their range is a signed but absurd timestamp, not an exception.
        var age = _timeProvider.GetUtcNow().ToUnixTimeSeconds() - seconds;
        if (age > _tolerance.TotalSeconds)
            return WebhookVerificationOutcome.TimestampTooOld;
        return -age > _tolerance.TotalSeconds
            ? WebhookVerificationOutcome.TimestampTooNew
            : WebhookVerificationOutcome.Verified;
    }
}
