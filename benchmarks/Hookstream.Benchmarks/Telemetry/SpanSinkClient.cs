using Hookstream.Benchmarks.Ceilings;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>Reads what the sink has counted.</summary>
internal sealed class SpanSinkClient(Uri sink) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    // The exporter's longest wait for more spans, and time to send them.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(6);

    private readonly HttpMessageInvoker _invoker = SignedSender.CreateInvoker();

    /// <summary>What has come once nothing comes any more, so that each round has its own spans and none costs the next one.</summary>
    public async Task<SpanCounts> SettledAsync(CancellationToken cancellationToken)
    {
        var seen = await CountsAsync(cancellationToken);
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < Quiet)
        {
            await Task.Delay(PollInterval, cancellationToken);
            var counts = await CountsAsync(cancellationToken);
            if (counts == seen)
                continue;
            seen = counts;
            since = TimeProvider.System.GetTimestamp();
        }

        return seen;
    }

    public void Dispose() => _invoker.Dispose();

    private async Task<SpanCounts> CountsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(sink, SpanSink.CountsPath));
        using var response = await _invoker.SendAsync(request, cancellationToken);
        return SpanCounts.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
    }
}
