using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Core.Signing;

/// <summary>Computes the two signatures that every webhook carries.</summary>
public static class WebhookSignature
{
    private const string BodyScheme = "sha256=";
    private const string StandardScheme = "v1,";

    /// <summary>
    /// The value of <c>X-Hookstream-Signature</c>: <c>sha256=</c> and the hex HMAC-SHA256 of the body, keyed with the secret's
    /// text.
    /// </summary>
    public static string OfBody(SigningSecret secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.TextKey, body, hash);
        return string.Concat(BodyScheme, Convert.ToHexStringLower(hash));
    }

    /// <summary>
    /// One signature of <c>webhook-signature</c>: <c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c>, keyed with
    /// the decoded secret.
    /// </summary>
    /// <remarks>Source: Standard Webhooks, section "Signature scheme".</remarks>
    /// <param name="secret">The secret.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, seconds since 1970 UTC.</param>
    /// <param name="body">The request's body.</param>
    public static string OfMessage(SigningSecret secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> prefix = stackalloc byte[96];
        var length = Encoding.ASCII.GetBytes(id, prefix);
        prefix[length++] = (byte)'.';
        Utf8Formatter.TryFormat(timestamp, prefix[length..], out var written);
        length += written;
        prefix[length++] = (byte)'.';

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
        hmac.AppendData(prefix[..length]);
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
        return string.Concat(StandardScheme, Convert.ToBase64String(hash));
    }

    /// <summary>Seconds since 1970 UTC as the header shows them.</summary>
    public static string FormatTimestamp(long timestamp) => timestamp.ToString(CultureInfo.InvariantCulture);
}
