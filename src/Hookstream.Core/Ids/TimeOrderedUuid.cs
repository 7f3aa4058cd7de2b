using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hookstream.Core.Ids;

/// <summary>
/// Makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds since 1970, then 74 random bits.
/// </summary>
/// <remarks>
/// What <see cref="Guid.CreateVersion7()"/> makes, without its call into the operating system for each: the random bits
/// come from the same source, 4 KiB at a time for each thread.
/// </remarks>
internal static class TimeOrderedUuid
{
    private const int RandomBytes = 10;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _used;

    /// <summary>Makes a UUID stamped with <paramref name="now"/>.</summary>
    public static Guid New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        Take().CopyTo(bytes[6..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true);
    }

    private static ReadOnlySpan<byte> Take()
    {
        if (_random is not { } random)
        {
            _random = random = new byte[4096];
            _used = random.Length;
        }

        if (_used + RandomBytes > random.Length)
        {
            RandomNumberGenerator.Fill(random);
            _used = 0;
        }

        var taken = random.AsSpan(_used, RandomBytes);
        _used += RandomBytes;
        return taken;
    }
}
