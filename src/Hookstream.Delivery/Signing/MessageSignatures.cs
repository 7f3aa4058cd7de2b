using System.Security.Cryptography;
using Hookstream.Core.Signing;

namespace Hookstream.Delivery.Signing;

/// <summary>The values of the signature headers of one message.</summary>
/// <param name="Body"><c>X-Hookstream-Signature</c>.</param>
/// <param name="NextBody"><c>X-Hookstream-Signature-Next</c>; null outside a grace period.</param>
/// <param name="Standard"><c>webhook-signature</c>.</param>
internal readonly record struct MessageSignatures(string Body, string? NextBody, string Standard)
{
    private const string BodyScheme = "sha256=";
    private const string StandardScheme = "v1,";
    private const int Base64Length = 44;

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
        var current = OfBody(secrets.Current, body);
        if (secrets.LivePrevious(now) is not { } previous)
            return new MessageSignatures(current, null, OfMessage(secrets.Current, signed));
        return new MessageSignatures(
            OfBody(previous, body),
            current,
            string.Concat(OfMessage(secrets.Current, signed), " ", OfMessage(previous, signed)));
    }

    private static string OfBody(SigningSecret secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.TextKey, body, hash);
        Span<char> text = stackalloc char[BodyScheme.Length + (HMACSHA256.HashSizeInBytes * 2)];
        BodyScheme.CopyTo(text);
        Convert.TryToHexStringLower(hash, text[BodyScheme.Length..], out _);
        return new string(text);
    }

    private static string OfMessage(SigningSecret secret, ReadOnlySpan<byte> signed)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Key, signed, hash);
        Span<char> text = stackalloc char[StandardScheme.Length + Base64Length];
        StandardScheme.CopyTo(text);
        Convert.TryToBase64Chars(hash, text[StandardScheme.Length..], out _);
        return new string(text);
    }
}
