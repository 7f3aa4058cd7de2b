using System.Globalization;
using Hookstream.Benchmarks.Ceilings;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>Fetches <c>/metrics</c> at an interval, as a Prometheus does, while rounds run.</summary>
internal sealed class MetricsScraper(Uri server) : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // The exporter answers from what it has when it is asked again within 300 ms.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly HttpMessageInvoker _invoker = SignedSender.CreateInvoker();

    public int Count { get; private set; }

    /// <summary>Runs <paramref name="rounds"/> with a scrape at their beginning and every <see cref="Interval"/> after it.</summary>
    public async Task DuringAsync(Task rounds, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scraping = ScrapeAsync(ended.Token);
        try
        {
            await rounds;
        }
        finally
        {
            await ended.CancelAsync();
            await scraping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (scraping.IsFaulted)
            throw scraping.Exception.GetBaseException();
    }

    /// <summary>The spans that were dropped since the server started.</summary>
    public async Task<long> DroppedSpansAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Fresh, cancellationToken);
        var metrics = await FetchAsync(cancellationToken);
        var line = metrics.Split('\n').FirstOrDefault(line =>
            line.StartsWith("otel_sdk_processor_span_processed_total{", StringComparison.Ordinal)
            && line.Contains("queue_full", StringComparison.Ordinal));
        return line is null ? 0 : (long)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public void Dispose() => _invoker.Dispose();

    private async Task ScrapeAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            await FetchAsync(cancellationToken);
            Count++;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/metrics"));
        using var response = await _invoker.SendAsync(request, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
    }
}
