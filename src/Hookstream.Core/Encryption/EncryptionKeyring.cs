using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hookstream.Core.Encryption;

/// <summary>
/// Encrypts secrets at rest with AES-256-GCM. A record is: format (1 byte, 1), key id (4 bytes), nonce (12), tag (16),
/// ciphertext. The key id is the start of the key's SHA-256, so that several keys can be live while secrets are re-encrypted.
/// </summary>
public sealed class EncryptionKeyring
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    private const byte Format = 1;
    private const int PrefixLength = 5;
    private const int NonceOffset = PrefixLength;
    private const int TagOffset = NonceOffset + 12;
    private const int TextOffset = TagOffset + 16;

    private readonly IReadOnlyList<(uint Id, byte[] Key)> _keys;

    /// <summary>Makes a keyring.</summary>
    /// <param name="keys">32 bytes each, newest first; the newest encrypts, all decrypt.</param>
    /// <exception cref="ArgumentException">No key, or one of another length.</exception>
    public EncryptionKeyring(IReadOnlyList<byte[]> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Length != KeyLength))
            throw new ArgumentException("at least one key is needed, and each must be 32 bytes", nameof(keys));
        _keys = [.. keys.Select(key => (BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(key)), key))];
        NewestPrefix = new byte[PrefixLength];
        NewestPrefix[0] = Format;
        BinaryPrimitives.WriteUInt32BigEndian(NewestPrefix.AsSpan(1), _keys[0].Id);
    }

    /// <summary>What every record of the newest key begins with, and no other.</summary>
    internal byte[] NewestPrefix { get; }

    /// <summary>True when the newest key made the record.</summary>
    internal bool IsNewest(ReadOnlySpan<byte> record) => record.StartsWith(NewestPrefix);

    /// <summary>Encrypts with the newest key.</summary>
    /// <param name="plaintext">What to encrypt.</param>
    /// <param name="context">Bound to the record: decrypting under another context fails, so records cannot be swapped.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context)
    {
        var (id, key) = _keys[0];
        var record = new byte[TextOffset + plaintext.Length];
        record[0] = Format;
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(1), id);
        RandomNumberGenerator.Fill(record.AsSpan(NonceOffset, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(
            record.AsSpan(NonceOffset, 12), plaintext, record.AsSpan(TextOffset), record.AsSpan(TagOffset, 16), context);
        return record;
    }

    /// <summary>Decrypts a record with the key it names.</summary>
    /// <exception cref="CryptographicException">No key on the ring made it, or it was changed.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> record, ReadOnlySpan<byte> context)
    {
        if (record.Length < TextOffset || record[0] != Format)
            throw new CryptographicException("not an encrypted record of a known format");
        var id = BinaryPrimitives.ReadUInt32BigEndian(record[1..]);
        foreach (var (candidate, key) in _keys)
        {
            if (candidate != id)
                continue;
            var plaintext = new byte[record.Length - TextOffset];
            using var aes = new AesGcm(key, 16);
            aes.Decrypt(
                record.Slice(NonceOffset, 12), record[TextOffset..], record.Slice(TagOffset, 16), plaintext, context);
            return plaintext;
        }

        throw new CryptographicException("no configured encryption key made this record");
    }
}
