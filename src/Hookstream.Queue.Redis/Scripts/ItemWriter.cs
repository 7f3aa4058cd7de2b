using System.Buffers.Binary;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Scripts;

/// <summary>
/// Writes the items of one argument, one behind the other, as the scripts read them: ids as 16 bytes in the order in which they
/// sort, numbers as little-endian doubles.
/// </summary>
internal sealed class ItemWriter(int count, int itemSize)
{
    private readonly byte[] _bytes = new byte[count * itemSize];
    private int _length;

    public ItemWriter Id(Guid id)
    {
        id.TryWriteBytes(_bytes.AsSpan(_length), bigEndian: true, out var written);
        _length += written;
        return this;
    }

    public ItemWriter Byte(byte value)
    {
        _bytes[_length++] = value;
        return this;
    }

    public ItemWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(int);
        return this;
    }

    public ItemWriter Number(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(double);
        return this;
    }

    public RedisValue ToValue() => _bytes.AsMemory(0, _length);
}
