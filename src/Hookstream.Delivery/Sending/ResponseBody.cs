using System.Buffers;
using System.Net.Http.Headers;

namespace Hookstream.Delivery.Sending;

/// <summary>The start of a response's body.</summary>
/// <param name="Kept">What was kept.</param>
/// <param name="Truncated">True when there was more.</param>
internal readonly record struct ResponseBody(ReadOnlyMemory<byte> Kept, bool Truncated)
{
    // Reading a little further lets the connection be used again; beyond that a new one is cheaper.
    private const int MaxDrained = 64 * 1024;
    private const int ChunkSize = 4096;

    /// <summary>Reads up to <paramref name="keep"/> bytes and drains a little more.</summary>
    /// <exception cref="HttpRequestException">The length that the body says it has is none.</exception>
    public static ValueTask<ResponseBody> ReadAsync(
        HttpContent content, int keep, CancellationToken cancellation)
    {
        var length = content.Headers.ContentLength;
        if (!IsOneLength(content.Headers, length))
            throw new HttpRequestException(HttpRequestError.InvalidResponse);
        return length == 0 ? default : ReadBodyAsync(content, keep, cancellation);
    }

    // The handler reads a body whose length it cannot parse until the connection closes, and takes the first of several, so that
    // a request would hang, or its connection be used again with a body still to come (RFC 9112, section 6.3).
    private static bool IsOneLength(HttpContentHeaders headers, long? length)
    {
        if (!headers.NonValidated.TryGetValues("Content-Length", out var values))
            return true;
        if (length is null)
            return false;
        if (values.Count == 1)
            return true;
        var (first, same) = ((string?)null, true);
        foreach (var value in values)
            same &= value == (first ??= value);
        return same;
    }

    private static async ValueTask<ResponseBody> ReadBodyAsync(
        HttpContent content, int keep, CancellationToken cancellation)
    {

        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkSize, keep));
        try
        {
            var length = 0;
            while (length < keep)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length, keep - length), cancellation)
                    .ConfigureAwait(false);
                if (read == 0)
                    return new ResponseBody(buffer.AsSpan(0, length).ToArray(), false);
                length += read;
            }

            var kept = buffer.AsSpan(0, length).ToArray();
            var drained = await DrainAsync(stream, buffer, cancellation).ConfigureAwait(false);
            return new ResponseBody(kept, drained > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> DrainAsync(Stream stream, byte[] buffer, CancellationToken cancellation)
    {
        var drained = 0;
        while (drained < MaxDrained)
        {
            var read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            if (read == 0)
                break;
            drained += read;
        }

        return drained;
    }
}
