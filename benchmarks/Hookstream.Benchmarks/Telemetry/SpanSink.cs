using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>The collector of a run: takes spans as OTLP over HTTP, counts and discards them as they arrive.</summary>
internal static class SpanSink
{
    public const string Role = "span-sink";
    public const string CountsPath = "/counts";

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
            var counter = new SpanCounter();
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                var rest = counter.Take(read.Buffer);
                if (read.IsCompleted && !rest.IsEmpty)
                    throw new BenchmarkException("a request to the sink ends in the middle of a field");
                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    break;
            }

            Interlocked.Add(ref spans, counter.Spans);
            Interlocked.Add(ref bytes, counter.Bytes);
            Interlocked.Increment(ref requests);
            context.Response.ContentType = "application/x-protobuf";
            context.Response.ContentLength = 0;
        }
    }
}
