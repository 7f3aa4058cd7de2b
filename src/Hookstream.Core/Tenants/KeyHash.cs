using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Core.Tenants;

/// <summary>SHA-256 of an API key, the only form in which a key is kept. Keys are 256-bit random, so no salt is needed.</summary>
public readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Hashes a key's UTF-8 text.</summary>
    public static KeyHash Of(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return FromBytes(hash);
    }

    /// <summary>Hashes a key's text.</summary>
    public static KeyHash Of(string key) => Of(Encoding.UTF8.GetBytes(key));

    /// <summary>Reads a stored hash of 32 bytes.</summary>
    public static KeyHash FromBytes(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    /// <summary>The 32 bytes to store.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), D);
        return bytes;
    }
}
