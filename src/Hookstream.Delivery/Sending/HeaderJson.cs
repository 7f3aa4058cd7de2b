using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hookstream.Delivery.Sending;

/// <summary>
/// Writes headers as a JSON object of strings, one at a time per thread.
/// </summary>
internal ref struct HeaderJson
{
    // Unvalidated: a response may repeat a header in another spelling.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _bufferOfThread;

    [ThreadStatic]
    private static Utf8JsonWriter? _jsonOfThread;

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly Utf8JsonWriter _json;
    private int _left;

    /// <summary>Begins an object.</summary>
    /// <param name="limit">Most characters of names and values together; what is beyond is cut off.</param>
    public HeaderJson(int limit)
    {
        _left = limit;
        _buffer = _bufferOfThread ??= new ArrayBufferWriter<byte>(2048);
        _buffer.ResetWrittenCount();
        _json = _jsonOfThread ??= new Utf8JsonWriter(_buffer, Options);
        _json.Reset();
        _json.WriteStartObject();
    }

    public void Add(string name, string value)
    {
        if (_left <= name.Length)
        {
            _left = 0;
            return;
        }

        _left -= name.Length;
        var kept = value.AsSpan(0, Math.Min(value.Length, _left));
        _left -= kept.Length;
        _json.WriteString(name, kept);
    }

    public readonly byte[] Finish()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }
}
