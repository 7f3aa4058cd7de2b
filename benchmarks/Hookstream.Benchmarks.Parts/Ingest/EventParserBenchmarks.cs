using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hookstream.Api.Events;
using Hookstream.Core.Events;

namespace Hookstream.Benchmarks.Parts.Ingest;

/// <summary>
/// From a posted body to what the store keeps: the checked type and the payload's bytes. The plain ways check neither for
/// unknown or repeated fields nor that the bytes are UTF-8.
/// </summary>
public class EventParserBenchmarks
{
    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private byte[] _body = [];

    /// <summary>The sample event, and one of 16 KiB.</summary>
    [Params(130, 16_384)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _body = PostedBody.WithPayloadOf(PayloadBytes);
        var payload = Parser();
        if (!payload.SequenceEqual(Serializer()) || !payload.SequenceEqual(Document()) || !payload.SequenceEqual(DocumentUtf8()))
            throw new InvalidOperationException("the payloads differ");
    }

    [Benchmark(Baseline = true)]
    public byte[] Serializer()
    {
        var posted = JsonSerializer.Deserialize<PlainEvent>(_body, Options)!;
        Check(posted.Type ?? posted.EventType);
        return Encoding.UTF8.GetBytes(posted.Payload.GetRawText());
    }

    [Benchmark]
    public byte[] Document()
    {
        using var document = JsonDocument.Parse(_body);
        Check(document.RootElement.GetProperty("type"u8).GetString());
        return Encoding.UTF8.GetBytes(document.RootElement.GetProperty("payload"u8).GetRawText());
    }

    /// <summary>The same without the way through UTF-16.</summary>
    [Benchmark]
    public byte[] DocumentUtf8()
    {
        using var document = JsonDocument.Parse(_body);
        Check(document.RootElement.GetProperty("type"u8).GetString());
        return JsonMarshal.GetRawUtf8Value(document.RootElement.GetProperty("payload"u8)).ToArray();
    }

    [Benchmark]
    public byte[] Parser()
    {
        if (EventParser.TryParse(_body, out var parsed) is not null || parsed.Judge(int.MaxValue) is not null)
            throw new InvalidOperationException("the body was refused");
        return _body.AsSpan(parsed.PayloadStart, parsed.PayloadLength).ToArray();
    }

    private static void Check(string? type)
    {
        if (!EventType.TryParse(type, out _))
            throw new InvalidOperationException("the type was refused");
    }
}
