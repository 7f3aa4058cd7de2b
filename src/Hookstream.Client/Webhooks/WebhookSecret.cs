using System.Text;

namespace Hookstream.Client.Webhooks;

/// <summary>A signing secret in the two forms that the schemes key their HMAC with.</summary>
internal sealed class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int FewestBytes = 24;
    private const int MostBytes = 64;

    private WebhookSecret(byte[] text, byte[] key)
    {
        Text = text;
        Key = key;
    }

    /// <summary>The secret string as shown, prefix included, in UTF-8: the key of X-Hookstream-Signature.</summary>
    public byte[] Text { get; }

    /// <summary>The base64 part, decoded: the key of Standard Webhooks. A bare 64-digit hex secret is base64 too, of 48 bytes.</summary>
    public byte[] Key { get; }

    public static WebhookSecret Parse(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var encoded = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret.AsSpan(Prefix.Length) : secret;
        var key = new byte[MostBytes + 3];
        if (encoded.ContainsAny(" \t\r\n")
            || !Convert.TryFromBase64Chars(encoded, key, out var length)
            || length is < FewestBytes or > MostBytes)
        {
            // The secret itself stays out of the message, which may end in a log.
            throw new ArgumentException(
                $"A webhook secret is standard base64 of {FewestBytes} to {MostBytes} bytes, with or without the prefix '{Prefix}'",
                nameof(secret));
        }

        return new WebhookSecret(Encoding.UTF8.GetBytes(secret), key[..length]);
    }
}
