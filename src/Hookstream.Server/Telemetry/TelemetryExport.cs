using Hookstream.Server.Configuration;
using Hookstream.Server.Hosting;
using OpenTelemetry.Resources;

namespace Hookstream.Server.Telemetry;

/// <summary>What the exports of traces and metrics share: the settings, who they come from, and that failures are told.</summary>
internal static class TelemetryExport
{
    private const string InstanceId = "service.instance.id";

    // Each process counts for itself: what several of them push would be taken for one series.
    private static readonly string Instance = Guid.NewGuid().ToString();

    public static void AddTelemetry(this WebApplicationBuilder builder, Settings settings)
    {
        var telemetry = settings.Telemetry;
        if (!telemetry.Traces && !telemetry.MetricsArePushed && !telemetry.MetricsAreFetched)
            return;
        // The exporters and the sampler read their variables from here, and not from the environment.
        builder.Configuration.AddInMemoryCollection(telemetry.Variables);
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddAttributes(Attributes(settings)));
        if (telemetry.Traces || telemetry.MetricsArePushed)
            builder.Services.AddHostedService<ExportWatch>();
    }

    private static IEnumerable<KeyValuePair<string, object>> Attributes(Settings settings)
    {
        yield return new("service.version", WebHost.Version);
        yield return new("hookstream.role", settings.Role.ToWord());
        var given = settings.Telemetry.Variables.GetValueOrDefault(TelemetrySettings.Attributes);
        if (given?.Contains($"{InstanceId}=", StringComparison.Ordinal) != true)
            yield return new(InstanceId, Instance);
    }
}
