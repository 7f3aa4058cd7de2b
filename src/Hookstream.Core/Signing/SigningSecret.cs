using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Core.Signing;

/// <summary>
/// A subscriber's signing secret: standard base64 of 24 to 64 bytes, with or without the prefix <c>whsec_</c>. A generated
/// one has the prefix and 32 random bytes.
/// </summary>
/// <remarks>
/// Two schemes use it, with different keys: Standard Webhooks decodes the base64 part, <c>X-Hookstream-Signature</c> takes
/// the text as UTF-8, prefix included. Source: https://www.standardwebhooks.com, and the wire contract.
/// </remarks>
public sealed class SigningSecret
{
    /// <summary>The prefix of generated secrets.</summary>
    public const string Prefix = "whsec_";

    /// <summary>What is accepted, for error messages.</summary>
    public const string Accepted = "standard base64 of 24 to 64 bytes, with or without the prefix 'whsec_'";

    private SigningSecret(string text, byte[] key)
    {
        Text = text;
        TextKey = Encoding.UTF8.GetBytes(text);
        Key = key;
    }

    /// <summary>The secret as its owner knows it.</summary>
    public string Text { get; }

    /// <summary>Key of <c>X-Hookstream-Signature</c>: the text as UTF-8.</summary>
    public byte[] TextKey { get; }

    /// <summary>Key of <c>webhook-signature</c>: the decoded base64 part.</summary>
    public byte[] Key { get; }

    /// <summary>Makes a secret of 32 random bytes.</summary>
    public static SigningSecret Generate()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return new SigningSecret(Prefix + Convert.ToBase64String(key), key);
    }

    /// <summary>Parses a given secret; false when it is not <see cref="Accepted"/>.</summary>
    public static bool TryParse(string? text, out SigningSecret? secret)
    {
        secret = null;
        if (text is null || text.Length > 128)
            return false;
        var encoded = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        var key = new byte[96];
        if (encoded.AsSpan().ContainsAny(" \t\r\n") || !Convert.TryFromBase64String(encoded, key, out var length))
            return false;
        if (length is < 24 or > 64)
            return false;
        secret = new SigningSecret(text, key[..length]);
        return true;
    }

    /// <summary>Does not reveal the secret.</summary>
    public override string ToString() => "whsec_***";
}
