using System.Globalization;

namespace Hookstream.Server.Configuration;

/// <summary>Which traces and metrics leave the process, and how: OpenTelemetry's standard variables, checked like every other setting.</summary>
internal sealed record TelemetrySettings
{
    public const string MetricsExporter = "OTEL_METRICS_EXPORTER";
    public const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";

    private const string QueueSize = "OTEL_BSP_MAX_QUEUE_SIZE";
    private const string BatchSize = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";

    // The standard's 2,048 and 512 are full within a tenth of a second here, and a request to the collector for each 512 spans costs more
    // than making them. So many spans are a second's, about 50 MB, and a batch is 1.2 MB, of the 4 that collectors take over gRPC.
    private const int DefaultQueueSize = 32_768;
    private const int DefaultBatchSize = 2_048;

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";
    private const string DefaultServiceName = "hookstream";
    private const string Disabled = "OTEL_SDK_DISABLED";
    private const string Prometheus = "prometheus";
    private const string Otlp = "otlp";
    private const string None = "none";

    private static readonly Dictionary<string, bool> TracesExporters = new() { [Otlp] = true, [None] = false };

    // Each is a choice among words that the SDK then reads itself.
    private static readonly (string Name, Dictionary<string, string?> Words)[] Choices =
    [
        .. from name in OfSignals("PROTOCOL") select (name, Words("grpc", "http/protobuf")),
        ("OTEL_TRACES_SAMPLER", Words(
            "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio")),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", Words("cumulative", "delta", "lowmemory")),
    ];

    // What the exporter checks itself: files, lists of names and values.
    private static readonly string[] PassedOn =
    [
        .. OfSignals("HEADERS"), .. OfSignals("COMPRESSION"), "OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_KEY", ServiceName, Attributes,
    ];

    private static readonly string[] Numbers =
    [
        .. OfSignals("TIMEOUT"), "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT",
    ];

    /// <summary>False: no spans are made.</summary>
    public bool Traces { get; private init; }

    /// <summary><c>/metrics</c> answers.</summary>
    public bool MetricsAreFetched { get; private init; }

    /// <summary>Metrics are sent with OTLP.</summary>
    public bool MetricsArePushed { get; private init; }

    /// <summary>The variable that says that <c>/metrics</c> does not answer, and its value; null: it does.</summary>
    public string? NotFetchedBecause { get; private init; }

    /// <summary>Those that are set, for the exporters and the sampler to read.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; private init; } = new Dictionary<string, string?>();

    public static TelemetrySettings Read(SettingsReader reader)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in (string[])[Endpoint, TracesEndpoint, MetricsEndpoint])
            Keep(name, reader.Parsed(name, ParseUrl, "an http or https URL without user, query and fragment", secret: true));
        foreach (var (name, words) in Choices)
            Keep(name, reader.Choice(name, null, words));
        Keep("OTEL_TRACES_SAMPLER_ARG", reader.Parsed("OTEL_TRACES_SAMPLER_ARG", ParseRatio, "a number from 0 to 1"));
        foreach (var name in Numbers)
            Keep(name, Text(reader.OptionalNumber(name, 1, int.MaxValue)));
        ReadBatches();
        foreach (var name in PassedOn)
            Keep(name, reader.Text(name));
        if (variables.GetValueOrDefault(Attributes)?.Contains("service.name=", StringComparison.Ordinal) != true)
            variables.TryAdd(ServiceName, DefaultServiceName);

        var traces = reader.Choice("OTEL_TRACES_EXPORTER", true, TracesExporters);
        var metrics = reader.Parsed(
            MetricsExporter, ParseMetricsExporters, $"{Prometheus}, {Otlp}, both separated by a comma, or {None} alone") ?? [Prometheus];
        var disabled = reader.Flag(Disabled);
        var fetched = metrics.Contains(Prometheus) && !disabled;
        return new TelemetrySettings
        {
            Traces = traces && !disabled && (variables.ContainsKey(Endpoint) || variables.ContainsKey(TracesEndpoint)),
            MetricsAreFetched = fetched,
            MetricsArePushed = metrics.Contains(Otlp) && !disabled,
            NotFetchedBecause = fetched ? null : disabled ? $"{Disabled} is true" : $"{MetricsExporter} is {string.Join(',', metrics)}",
            Variables = variables,
        };

        void Keep(string name, string? value)
        {
            if (value is not null)
                variables[name] = value;
        }

        // The SDK ends the start with an exception where a batch is larger than the queue that it is taken from.
        void ReadBatches()
        {
            var queue = reader.OptionalNumber(QueueSize, 1, 1_000_000);
            var batch = reader.OptionalNumber(BatchSize, 1, 1_000_000);
            if (batch > queue)
                reader.Problem(BatchSize, $"'{batch}' is more than {QueueSize}, which is {queue}");
            Keep(QueueSize, Text(queue ?? Math.Max(DefaultQueueSize, batch ?? 0)));
            Keep(BatchSize, Text(batch ?? Math.Min(DefaultBatchSize, queue ?? DefaultQueueSize)));
        }
    }

    /// <summary>A variable of the exporter for all signals, and those that are before it for one.</summary>
    private static string[] OfSignals(string name) =>
        [$"OTEL_EXPORTER_OTLP_{name}", $"OTEL_EXPORTER_OTLP_TRACES_{name}", $"OTEL_EXPORTER_OTLP_METRICS_{name}"];

    private static Dictionary<string, string?> Words(params string[] words) => words.ToDictionary(word => word, word => (string?)word);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url is { UserInfo: "", Query: "", Fragment: "" }
            ? text
            : null;

    private static string? ParseRatio(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? text : null;

    private static string[]? ParseMetricsExporters(string text)
    {
        var words = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words is [None])
            return words;
        return words.Length > 0 && words.All(word => word is Prometheus or Otlp) ? words : null;
    }
}
