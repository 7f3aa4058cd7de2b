using Hookstream.Benchmarks.Drain;
using Hookstream.Benchmarks.Ingest;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>One of the servers that take turns: with everything that there is to see of it, with a part, or with nothing.</summary>
internal sealed class TelemetrySide : IAsyncDisposable
{
    private readonly ServerProcess _server;
    private readonly ServerApi _api;

    private TelemetrySide(string name, ServerProcess server, ServerApi api, DrainBacklog drain)
    {
        _server = server;
        _api = api;
        Ingest = new IngestTarget(name, server.Address, server.Token);
        Drain = drain;
    }

    public IngestTarget Ingest { get; }

    public DrainBacklog Drain { get; }

    public Uri Address => _server.Address;

    /// <summary>How many lines it has logged.</summary>
    public long LogLines => _server.Log.Lines;

    public static async Task<TelemetrySide> StartAsync(
        BenchmarkRun run,
        string name,
        IReadOnlyDictionary<string, string> settings,
        ReceiverClient counts,
        Uri receiver,
        CancellationToken cancellationToken)
    {
        var server = await run.StartServerAsync($"telemetry-{name}", settings, cancellationToken);
        var api = new ServerApi(server);
        return new TelemetrySide(name, server, api, await DrainBacklog.CreateAsync(api, counts, receiver, 1, cancellationToken));
    }

    /// <summary>
    /// As much as a round, recorded nowhere: the first that writes so much finds files that the store has to make, and code that is
    /// not compiled for speed yet.
    /// </summary>
    public async Task WarmUpAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        await Ingest.WarmUpAsync(settings with { IngestWarmupSeconds = settings.IngestSeconds }, cancellationToken);
        await Drain.DrainAsync(settings.DrainDeliveries, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }
}
