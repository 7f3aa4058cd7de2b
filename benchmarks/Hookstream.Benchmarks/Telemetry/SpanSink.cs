using System.Net;
using System.Net.Sockets;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>
/// The collector of a run: takes spans as OTLP over HTTP, counts and discards them as they arrive. It stands for something that has
/// cores of its own, so it takes as little of these as it can: a web server would read a request in pieces of four kilobytes.
/// </summary>
internal sealed class SpanSink
{
    public const string Role = "span-sink";
    public const string CountsPath = "/counts";

    private long _requests;
    private long _bytes;
    private long _spans;

    /// <summary>What has come so far.</summary>
    public SpanCounts Counts => new(Interlocked.Read(ref _requests), Interlocked.Read(ref _bytes), Interlocked.Read(ref _spans));

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await Console.Out.WriteLineAsync($"http://{listener.LocalEndpoint}");
        var sink = new SpanSink();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = sink.AcceptAsync(listener, ended.Token);
        await ParentProcess.EndedAsync(cancellationToken);
        await ended.CancelAsync();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A request has come whole.</summary>
    public void Took(SpanCounter request)
    {
        Interlocked.Add(ref _spans, request.Spans);
        Interlocked.Add(ref _bytes, request.Bytes);
        Interlocked.Increment(ref _requests);
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await new SpanConnection(client, this).RunAsync(cancellationToken);
        }
        catch (BenchmarkException exception)
        {
            // Its spans are missing in the table: this is why.
            BenchmarkRun.Say($"the sink closes a connection: {exception.Message}");
        }
    }
}
