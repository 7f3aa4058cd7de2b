using System.Globalization;

namespace Hookstream.Server.Configuration;

/// <summary>How traces are exported: OpenTelemetry's standard variables, checked like every other setting.</summary>
/// <param name="Variables">Those that are set, for the exporter and the sampler to read.</param>
internal sealed record TracingSettings(IReadOnlyDictionary<string, string?> Variables)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";
    private const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";
    private const string DefaultServiceName = "hookstream";

    private static readonly Dictionary<string, bool> Exporters = new() { ["otlp"] = true, ["none"] = false };

    private static readonly Dictionary<string, string?> Protocols = Words("grpc", "http/protobuf");

    private static readonly Dictionary<string, string?> Samplers = Words(
        "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio");

    // What the exporter checks itself: files, lists of names and values.
    private static readonly string[] PassedOn =
    [
        "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_COMPRESSION",
        "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_KEY", ServiceName, Attributes,
    ];

    private static readonly string[] Numbers =
    [
        "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT",
        "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    ];

    /// <summary>Null: no spans are made.</summary>
    public static TracingSettings? Read(SettingsReader reader)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in (string[])[Endpoint, TracesEndpoint])
            Keep(name, reader.Parsed(name, ParseUrl, "an http or https URL without user, query and fragment", secret: true));
        foreach (var name in (string[])["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"])
            Keep(name, reader.Choice(name, null, Protocols));
        Keep("OTEL_TRACES_SAMPLER", reader.Choice("OTEL_TRACES_SAMPLER", null, Samplers));
        Keep("OTEL_TRACES_SAMPLER_ARG", reader.Parsed("OTEL_TRACES_SAMPLER_ARG", ParseRatio, "a number from 0 to 1"));
        foreach (var name in Numbers)
            Keep(name, reader.OptionalNumber(name, 1, int.MaxValue)?.ToString(CultureInfo.InvariantCulture));
        foreach (var name in PassedOn)
            Keep(name, reader.Text(name));
        var disabled = reader.Flag("OTEL_SDK_DISABLED") | !reader.Choice("OTEL_TRACES_EXPORTER", true, Exporters);
        if (disabled || !(variables.ContainsKey(Endpoint) || variables.ContainsKey(TracesEndpoint)))
            return null;
        if (variables.GetValueOrDefault(Attributes)?.Contains("service.name=", StringComparison.Ordinal) != true)
            variables.TryAdd(ServiceName, DefaultServiceName);
        return new TracingSettings(variables);

        void Keep(string name, string? value)
        {
            if (value is not null)
                variables[name] = value;
        }
    }

    private static Dictionary<string, string?> Words(params string[] words) => words.ToDictionary(word => word, word => (string?)word);

    private static string? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url is { UserInfo: "", Query: "", Fragment: "" }
            ? text
            : null;

    private static string? ParseRatio(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? text : null;
}
