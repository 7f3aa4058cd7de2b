using Hookstream.Core.Tracing;
using Hookstream.Server.Configuration;
using OpenTelemetry.Trace;

namespace Hookstream.Server.Tracing;

/// <summary>Exports the program's spans with OTLP. Where no endpoint is set, nobody listens, and no spans are made.</summary>
internal static class TraceExport
{
    public static void AddTraceExport(this IServiceCollection services, TelemetrySettings settings)
    {
        if (settings.Traces)
            services.AddOpenTelemetry().WithTracing(traces => traces.AddSource(Traces.SourceName).AddOtlpExporter());
    }
}
