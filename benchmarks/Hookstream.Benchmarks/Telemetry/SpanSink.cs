using System.Buffers;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>
/// The collector of a run: takes spans as OTLP over HTTP, counts and discards them. Of a span it reads the length alone, so that it takes
/// as little of the cores as something that takes spans can.
/// </summary>
internal static class SpanSink
{
    public const string Role = "span-sink";
    public const string CountsPath = "/counts";

    // ExportTraceServiceRequest, ResourceSpans and ScopeSpans: in each, the field whose messages are one level deeper.
    private static readonly int[] Levels = [1, 2, 2];

    public static Task RunAsync(CancellationToken cancellationToken)
    {
        var (requests, bytes, spans) = (0L, 0L, 0L);
        return BareHost.RunAsync(
            context => context.Request.Path == CountsPath ? context.Response.WriteAsync(Counts().ToLine()) : TakeAsync(context),
            cancellationToken);

        SpanCounts Counts() => new(Interlocked.Read(ref requests), Interlocked.Read(ref bytes), Interlocked.Read(ref spans));

        async Task TakeAsync(HttpContext context)
        {
            var reader = context.Request.BodyReader;
            var read = await reader.ReadAsync(context.RequestAborted);
            while (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await reader.ReadAsync(context.RequestAborted);
            }

            Interlocked.Add(ref spans, CountSpans(new SequenceReader<byte>(read.Buffer), read.Buffer.Length, 0));
            Interlocked.Add(ref bytes, read.Buffer.Length);
            Interlocked.Increment(ref requests);
            reader.AdvanceTo(read.Buffer.End);
            context.Response.ContentType = "application/x-protobuf";
            context.Response.ContentLength = 0;
        }
    }

    private static long CountSpans(SequenceReader<byte> reader, long length, int level)
    {
        var count = 0L;
        CountSpans(ref reader, length, level, ref count);
        return count;
    }

    private static void CountSpans(ref SequenceReader<byte> reader, long length, int level, ref long count)
    {
        var end = reader.Consumed + length;
        while (reader.Consumed < end)
        {
            var tag = ReadNumber(ref reader);
            if ((tag & 7) != 2)
                throw new BenchmarkException($"a field of wire type {tag & 7} where OTLP has messages and text only");
            var size = ReadNumber(ref reader);
            if ((int)(tag >> 3) != Levels[level])
                reader.Advance(size);
            else if (level < Levels.Length - 1)
                CountSpans(ref reader, size, level + 1, ref count);
            else
            {
                reader.Advance(size);
                count++;
            }
        }
    }

    private static long ReadNumber(ref SequenceReader<byte> reader)
    {
        var number = 0L;
        for (var shift = 0; ; shift += 7)
        {
            if (!reader.TryRead(out var part))
                throw new BenchmarkException("a request to the sink ends in the middle of a number");
            number |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
                return number;
        }
    }
}
