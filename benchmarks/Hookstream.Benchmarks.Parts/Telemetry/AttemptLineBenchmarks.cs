using BenchmarkDotNet.Attributes;
using Hookstream.Core.Deliveries;
using Hookstream.Core.Subscribers;
using Hookstream.Core.Tenants;
using Hookstream.Delivery.Dispatching;
using Hookstream.Server.Hosting;
using Microsoft.Extensions.Logging;
using EventId = Hookstream.Core.Events.EventId;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>
/// The log's line of an attempt, until it is written: by the server's own logger, which writes on a thread of its own, into nowhere. The
/// plain way is a list of properties, boxed; the yardstick is the message alone, without the properties that people search by.
/// </summary>
public partial class AttemptLineBenchmarks
{
    private const int Lines = 200_000;

    private readonly DeliveryWork _work = TelemetrySample.Work;

    [Benchmark(OperationsPerInvoke = Lines)]
    public void MessageAlone() => Write(logger => Message(logger, 1, _work.Lease.Delivery.ToString()));

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public void Plain()
    {
        var work = _work;
        var attempt = TelemetrySample.Attempt;
        Write(logger => Properties(
            logger,
            work.Lease.Tenant,
            work.Event,
            work.EventType.Value,
            work.Lease.Delivery,
            work.Lease.Subscriber,
            attempt.Number,
            attempt.Trigger.ToCode(),
            attempt.Outcome.ToCode(),
            attempt.StatusCode,
            Math.Round(attempt.Duration.TotalMilliseconds, 3),
            DeliveryStatus.Delivered.ToCode(),
            null,
            work.Trace?.TraceId));
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public void AttemptLine() =>
        Write(logger => logger.AttemptMade(_work, _work.Trace, TelemetrySample.Settlement, TelemetrySample.Now));

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

#pragma warning disable SYSLIB1015 // Most of them are properties only.
    [LoggerMessage(
        2,
        LogLevel.Information,
        "Attempt {Attempt}: {Outcome}",
        SkipEnabledCheck = true)]
    private static partial void Properties(
        ILogger logger,
        TenantId tenant,
        EventId @event,
        string eventType,
        DeliveryId delivery,
        SubscriberId endpoint,
        int attempt,
        string trigger,
        string outcome,
        int? statusCode,
        double durationMs,
        string status,
        DateTimeOffset? nextAttemptAt,
        string? traceId);
#pragma warning restore SYSLIB1015
}
