using Hookstream.Core.Encryption;

namespace Hookstream.Server.Configuration;

/// <summary>Reads lists of encryption keys, newest first: separated by commas in a setting, by lines in a file.</summary>
internal static class EncryptionKeys
{
    /// <summary>The keys; null when one of them is not base64 of 32 bytes.</summary>
    public static List<byte[]>? Parse(string text)
    {
        var keys = new List<byte[]>();
        foreach (var part in text.Split([',', '\n'], StringSplitOptions.TrimEntries))
        {
            var key = new byte[EncryptionKeyring.KeyLength + 3];
            if (!Convert.TryFromBase64String(part, key, out var length) || length != EncryptionKeyring.KeyLength)
                return null;
            keys.Add(key[..length]);
        }

        return keys;
    }
}
