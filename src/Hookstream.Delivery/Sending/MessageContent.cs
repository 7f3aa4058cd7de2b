using System.Buffers;
using System.Net;

namespace Hookstream.Delivery.Sending;

/// <summary>
/// A request's body in a pooled buffer. The bytes in front of the body are what Standard Webhooks signs with it
/// (<c>id.timestamp.</c>), so that both signatures are computed over one buffer.
/// </summary>
internal sealed class MessageContent : HttpContent
{
    private readonly int _bodyStart;
    private readonly int _end;
    private byte[]? _buffer;
    private volatile bool _writing;

    public MessageContent(byte[] pooled, int bodyStart, int end)
    {
        _buffer = pooled;
        _bodyStart = bodyStart;
        _end = end;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    public ReadOnlySpan<byte> Signed => Buffer.AsSpan(0, _end);

    public ReadOnlySpan<byte> Body => Buffer.AsSpan(_bodyStart, _end - _bodyStart);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(MessageContent));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _writing = true;
        await stream.WriteAsync(Buffer.AsMemory(_bodyStart, _end - _bodyStart), cancellationToken).ConfigureAwait(false);
        _writing = false;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _end - _bodyStart;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        // A write that failed may still be reading the buffer: that one is left to the garbage collector.
        if (disposing && !_writing && Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        base.Dispose(disposing);
    }
}
