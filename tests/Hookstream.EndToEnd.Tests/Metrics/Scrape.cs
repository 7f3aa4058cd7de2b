using System.Globalization;
using System.Text.RegularExpressions;

namespace Hookstream.EndToEnd.Tests.Metrics;

/// <summary>What <c>/metrics</c> answered, in the text format of Prometheus.</summary>
internal sealed partial class Scrape
{
    private readonly List<Sample> _samples = [];

    private Scrape(string text) => Text = text;

    public string Text { get; }

    /// <summary>The type of each metric.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public static async Task<Scrape> OfAsync(HttpClient http, string path = "/metrics")
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(200);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        return Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Reads it; a line that is not of the format fails the test.</summary>
    public static Scrape Parse(string text)
    {
        var scrape = new Scrape(text);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                scrape.Types.TryAdd(words[2], words[3]).ShouldBeTrue($"{words[2]} is declared twice");
            }
            else if (!line.StartsWith('#'))
            {
                var match = Line().Match(line);
                match.Success.ShouldBeTrue($"not a sample: {line}");
                var labels = Label().Matches(match.Groups["labels"].Value)
                    .ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value, StringComparer.Ordinal);
                scrape._samples.Add(new Sample(
                    match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
            }
        }

        return scrape;
    }

    /// <summary>The sum of a metric's series that have these labels; null where there is none.</summary>
    public double? Sum(string name, params (string Label, string Value)[] labels)
    {
        var found = _samples.Where(sample => sample.Name == name
            && labels.All(label => sample.Labels.GetValueOrDefault(label.Label) == label.Value)).ToList();
        return found.Count == 0 ? null : found.Sum(sample => sample.Value);
    }

    /// <summary>The labels of a metric, the buckets' apart.</summary>
    public IReadOnlySet<string> LabelsOf(string metric) => _samples
        .Where(sample => MetricOf(sample.Name) == metric)
        .SelectMany(sample => sample.Labels.Keys)
        .Where(label => label != "le")
        .ToHashSet();

    private string MetricOf(string sample) =>
        Types.ContainsKey(sample) ? sample : Suffix().Replace(sample, "");

    [GeneratedRegex(@"^(?<name>[a-z_:][a-z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>[a-z_]+)="(?<value>(\\.|[^"\\])*)"(,|$)""")]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    private sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
}
