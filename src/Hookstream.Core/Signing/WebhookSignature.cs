using System.Globalization;
using System.Security.Cryptography;

namespace Hookstream.Core.Signing;

/// <summary>Computes the two signatures that every webhook carries. Allocates nothing but the text it returns, once its secret is in use.</summary>
public static class WebhookSignature
{
    private const string BodyScheme = "sha256=";
    private const string MessageScheme = "v1,";
    private const int HexLength = HMACSHA256.HashSizeInBytes * 2;
    private const int Base64Length = (HMACSHA256.HashSizeInBytes + 2) / 3 * 4;

    /// <summary>
    /// The value of <c>X-Hookstream-Signature</c>: <c>sha256=</c> and the hex HMAC-SHA256 of the body, keyed with the secret's
    /// text.
    /// </summary>
    /// <param name="secret">The secret.</param>
    /// <param name="body">The request's body.</param>
    public static string OfBody(SigningSecret secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHashes.Compute(secret.TextKey, body, hash);
        Span<char> text = stackalloc char[BodyScheme.Length + HexLength];
        BodyScheme.CopyTo(text);
        Convert.TryToHexStringLower(hash, text[BodyScheme.Length..], out _);
        return new string(text);
    }

    /// <summary>
    /// One signature of <c>webhook-signature</c>: <c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c>, keyed with
    /// the decoded secret.
    /// </summary>
    /// <remarks>Source: Standard Webhooks, section "Signature scheme".</remarks>
    /// <param name="secret">The secret.</param>
    /// <param name="message">
    /// <c>webhook-id</c>, <c>webhook-timestamp</c> and the request's body, joined by dots: in one piece, so that the body is
    /// hashed where it lies.
    /// </param>
    public static string OfMessage(SigningSecret secret, ReadOnlySpan<byte> message)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHashes.Compute(secret.Key, message, hash);
        Span<char> text = stackalloc char[MessageScheme.Length + Base64Length];
        MessageScheme.CopyTo(text);
        Convert.TryToBase64Chars(hash, text[MessageScheme.Length..], out _);
        return new string(text);
    }

    /// <summary>Seconds since 1970 UTC as <c>webhook-timestamp</c> shows them.</summary>
    public static string FormatTimestamp(long timestamp) => timestamp.ToString(CultureInfo.InvariantCulture);
}
