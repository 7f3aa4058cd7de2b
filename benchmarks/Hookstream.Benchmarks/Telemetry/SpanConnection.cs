using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>One connection to the sink: of HTTP/1.1 as much as the exporter and the driver use, which send the length of every body.</summary>
internal sealed class SpanConnection(TcpClient client, SpanSink sink)
{
    private const string LengthHeader = "\r\nContent-Length:";
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 256 * 1024);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using (client)
        {
            var stream = client.GetStream();
            var reader = PipeReader.Create(stream, Reading);
            while (await ReadHeadAsync(reader, cancellationToken) is { } head)
            {
                var body = "";
                if (head.StartsWith($"GET {SpanSink.CountsPath} ", StringComparison.Ordinal))
                    body = sink.Counts.ToLine();
                else
                    sink.Took(await ReadSpansAsync(reader, LengthOf(head), cancellationToken));
                var answer = $"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: {body.Length}\r\n\r\n{body}";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
            }
        }
    }

    // Null: the other side is done.
    private static async Task<string?> ReadHeadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (TryReadHead(read.Buffer, out var head, out var end))
            {
                reader.AdvanceTo(end);
                return head;
            }

            if (read.IsCompleted)
                return null;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool TryReadHead(ReadOnlySequence<byte> arrived, out string head, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(arrived);
        var isWhole = reader.TryReadTo(out ReadOnlySequence<byte> bytes, "\r\n\r\n"u8);
        head = Encoding.ASCII.GetString(bytes);
        end = reader.Position;
        return isWhole;
    }

    private static long LengthOf(string head)
    {
        var start = head.IndexOf(LengthHeader, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            throw new BenchmarkException($"a request to the sink without a length: {head}");
        var value = head.AsSpan(start + LengthHeader.Length);
        var end = value.IndexOf('\r');
        return long.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
    }

    private static async Task<SpanCounter> ReadSpansAsync(PipeReader reader, long length, CancellationToken cancellationToken)
    {
        var counter = new SpanCounter();
        while (counter.Bytes < length)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var missing = length - counter.Bytes;
            var rest = counter.Take(read.Buffer.Slice(0, Math.Min(read.Buffer.Length, missing)));
            if (counter.Bytes < length && (read.IsCompleted || read.Buffer.Length >= missing))
                throw new BenchmarkException("a request to the sink ends in the middle of a field");
            reader.AdvanceTo(rest.Start, rest.End);
        }

        return counter;
    }
}
