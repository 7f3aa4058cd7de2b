using System.Buffers.Binary;

namespace Hookstream.Core.Ids;

/// <summary>Bounds of UUIDv7 keys by time: their first 48 bits are milliseconds since 1970.</summary>
internal static class TimeBounds
{
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>No id made at <paramref name="time"/> or later sorts before this one.</summary>
    public static Guid FirstIdAt(DateTimeOffset time) => Of(time.ToUnixTimeMilliseconds());

    /// <summary>Every id made in the millisecond of <paramref name="time"/> or before sorts before this one.</summary>
    public static Guid FirstIdAfter(DateTimeOffset time) => Of(time.ToUnixTimeMilliseconds() + 1);

    /// <summary>The millisecond that an id was made in; the last one that there is for one from beyond it.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Min((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16), LastMillisecond));
    }

    private static Guid Of(long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)Math.Clamp(milliseconds, 0, (1L << 48) - 1) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
