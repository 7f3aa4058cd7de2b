using System.Text.RegularExpressions;

namespace Hookstream.EndToEnd.Tests.Monitoring;

/// <summary>What an expression of PromQL names: metrics with their matchers, and labels.</summary>
internal sealed partial class Expression(string text)
{
    /// <summary>
    /// A selector for each metric that it names, which finds series wherever the metric is there with the labels, and with the values that are
    /// asked for to the letter. Patterns and exclusions are left at the label: what they look for may never happen in a test.
    /// </summary>
    public IReadOnlyList<string> Selectors { get; } =
    [
        .. Metrics().Matches(text).Select(match =>
        {
            var matchers = Matchers().Matches(match.Groups["matchers"].Value).Select(matcher =>
                matcher.Groups["operator"].Value == "=" ? matcher.Value : matcher.Groups["label"].Value + "!=\"\"");
            return $"{match.Groups["name"].Value}{{{string.Join(',', matchers)}}}";
        }).Distinct(),
    ];

    /// <summary>The names of the metrics, as they are scraped.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Metrics().Matches(text).Select(match => match.Groups["name"].Value).Distinct()];

    /// <summary>The labels by which it groups and joins.</summary>
    public IReadOnlyList<string> Labels { get; } =
    [
        .. Groupings().Matches(text)
            .SelectMany(match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(),
    ];

    public override string ToString() => text;

    /// <summary>The metric as the reference has it: a histogram's without what its series end in.</summary>
    public static string MetricOf(string name) => Suffix().Replace(name, "");

    [GeneratedRegex(@"\b(?<name>(hookstream|dotnet|process)_[a-z0-9_]+|up\b)(\{(?<matchers>[^}]*)\})?")]
    private static partial Regex Metrics();

    [GeneratedRegex("""(?<label>\w+)(?<operator>=~|!~|!=|=)"[^"]*""" + "\"")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right) \((?<labels>[^)]*)\)")]
    private static partial Regex Groupings();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
