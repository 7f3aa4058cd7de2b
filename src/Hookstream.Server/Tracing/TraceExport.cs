using Hookstream.Core.Tracing;
using Hookstream.Server.Configuration;
using Hookstream.Server.Hosting;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hookstream.Server.Tracing;

/// <summary>Exports the program's spans with OTLP. Where no endpoint is set, nobody listens, and no spans are made.</summary>
internal static class TraceExport
{
    public static void AddTraceExport(this WebApplicationBuilder builder, Settings settings)
    {
        if (settings.Tracing is not { } tracing)
            return;
        // The exporter and the sampler read their variables from here, and not from the environment.
        builder.Configuration.AddInMemoryCollection(tracing.Variables);
        builder.Services.AddOpenTelemetry().WithTracing(traces => traces
            .ConfigureResource(resource => resource.AddAttributes(
            [
                new("service.version", WebHost.Version),
                new("hookstream.role", settings.Role.ToWord()),
            ]))
            .AddSource(Traces.SourceName)
            .AddOtlpExporter());
    }
}
