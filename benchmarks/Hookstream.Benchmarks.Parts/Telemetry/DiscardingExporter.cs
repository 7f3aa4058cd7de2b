using System.Diagnostics;
using Hookstream.Core.Tracing;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>OpenTelemetry's SDK with everything that it does to a span but exporting it.</summary>
internal sealed class DiscardingExporter : BaseExporter<Activity>
{
    public static TracerProvider Listen() => Sdk.CreateTracerProviderBuilder()
        .AddSource(Traces.SourceName)
        .AddProcessor(new SimpleActivityExportProcessor(new DiscardingExporter()))
        .Build();

    public override ExportResult Export(in Batch<Activity> batch) => ExportResult.Success;
}
