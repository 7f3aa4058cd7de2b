using System.Diagnostics.Tracing;

namespace Hookstream.Server.Telemetry;

/// <summary>
/// Tells in the log that spans or metrics do not reach their collector, which the exporter tells nobody but whoever listens to its event
/// source. It is called once for each export, by the exporter's own thread.
/// </summary>
internal sealed class ExportWatch(ILogger<ExportWatch> logger, TimeProvider time) : EventListener, IHostedService
{
    private const string Source = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private const string Success = "ExportSuccess";
    private const string Unknown = "the collector";
    private const int MaxReason = 300;

    // The exporter says warnings to these, although what was to be sent is lost.
    private static readonly string[] Losses = ["TransientHttpError", "RequestTimedOut", "OperationUnexpectedlyCanceled", "GrpcStatusWarning"];

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <summary>An export did not arrive.</summary>
    public void Failed(string endpoint, string reason)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(endpoint, out var failures))
                _failures[endpoint] = failures = new Failures();
            failures.Count++;
            if (failures.ToldAt is { } told && time.GetElapsedTime(told) < Silence)
                return;
            failures.ToldAt = time.GetTimestamp();
            failures.IsTold = true;
            Log.ExportFails(logger, endpoint, failures.Count, reason);
        }
    }

    /// <summary>An export arrived.</summary>
    public void Succeeded(string endpoint)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(endpoint, out var failures))
                return;
            // What was not told has ended untold; the time of the last line stays, so that one that comes and goes fills no log.
            if (failures.IsTold)
                Log.ExportWorksAgain(logger, endpoint, failures.Count);
            failures.IsTold = false;
            failures.Count = 0;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        // Of the levels, this is that of an export that succeeded.
        if (eventSource.Name == Source)
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var payload = eventData.Payload;
        var endpoint = payload is [string first, ..] && Uri.IsWellFormedUriString(first, UriKind.Absolute) ? first : Unknown;
        if (eventData.EventName == Success)
            Succeeded(endpoint);
        else if (eventData.Level <= EventLevel.Error || Losses.Contains(eventData.EventName))
            Failed(endpoint, ReasonOf(eventData.EventName, payload?.LastOrDefault() as string));
    }

    // An exception comes as its whole text; its first line says what happened, the rest where in the exporter.
    private static string ReasonOf(string? name, string? text)
    {
        var line = text.AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end)
            line = line[..end];
        return line.IsEmpty ? name ?? "" : line[..Math.Min(line.Length, MaxReason)].ToString();
    }

    private sealed class Failures
    {
        /// <summary>Since the last export that arrived.</summary>
        public long Count { get; set; }

        public long? ToldAt { get; set; }

        public bool IsTold { get; set; }
    }
}
