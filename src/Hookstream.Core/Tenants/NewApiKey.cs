using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Core.Tenants;

/// <summary>A key about to be stored: what is known of it, and its hash.</summary>
public sealed record NewApiKey(string Name, string Prefix, KeyScopes Scopes, DateTimeOffset? ExpiresAt, KeyHash Hash)
{
    /// <summary>Characters of a key that are kept in clear, to recognise it by.</summary>
    public const int PrefixLength = 8;

    /// <summary>Makes a key of 256 random bits, <c>hk_</c> and 43 characters of base64url.</summary>
    /// <returns>The key's text, which is not kept anywhere, and what to store.</returns>
    public static (string Key, NewApiKey Record) Generate(string name, KeyScopes scopes, DateTimeOffset? expiresAt)
    {
        var key = GenerateToken();
        return (key, new NewApiKey(name, key[..PrefixLength], scopes, expiresAt?.ToUniversalTime(), KeyHash.Of(key)));
    }

    /// <summary>Random text for a token: <c>hk_</c> and 43 characters of base64url (256 bits).</summary>
    public static string GenerateToken()
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        return new StringBuilder("hk_").Append(System.Buffers.Text.Base64Url.EncodeToString(random)).ToString();
    }
}
