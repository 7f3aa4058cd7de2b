using BenchmarkDotNet.Attributes;
using Hookstream.Core.Deliveries;
using Hookstream.Delivery.Dispatching;
using Hookstream.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>
/// The log's line of an attempt, until it is written: by the server's own logger, which writes on a thread of its own, into nowhere. The
/// plain way is the message alone, without the properties that people search by.
/// </summary>
public partial class AttemptLineBenchmarks
{
    private const int Lines = 200_000;

    private readonly DeliveryWork _work = TelemetrySample.Work;

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public void MessageAlone() => Write(logger => Message(logger, 1, _work.Lease.Delivery.ToString()));

    [Benchmark(OperationsPerInvoke = Lines)]
    public void AttemptLine() =>
        Write(logger => logger.AttemptMade(_work, TelemetrySample.Settlement, TelemetrySample.Now));

    // Ends when everything is written.
    private static void Write(Action<ILogger> line)
    {
        using var loggers = LoggerFactory.Create(logging => JsonLogs.Configure(logging, LogLevel.Information, Stream.Null));
        var logger = loggers.CreateLogger<DeliverySend>();
        for (var i = 0; i < Lines; i++)
            line(logger);
    }

    [LoggerMessage(1, LogLevel.Information, "Attempt {Attempt} of {Delivery}")]
    private static partial void Message(ILogger logger, int attempt, string delivery);
}
