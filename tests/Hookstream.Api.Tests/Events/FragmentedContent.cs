using System.Net;

namespace Hookstream.Api.Tests.Events;

/// <summary>A JSON body that is sent in chunks, without saying how long it is.</summary>
internal sealed class FragmentedContent : HttpContent
{
    private readonly byte[] _body;
    private readonly int _size;

    public FragmentedContent(byte[] body, int size)
    {
        _body = body;
        _size = size;
        Headers.ContentType = new("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var start = 0; start < _body.Length; start += _size)
        {
            await stream.WriteAsync(_body.AsMemory(start, Math.Min(_size, _body.Length - start)));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
