using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Metrics;

/// <summary>The tables of docs/operations/metrics.md.</summary>
internal static partial class MetricsReference
{
    /// <summary>
    /// A row: the metric, its type, whether only the leader has it, the only deployment that has it (null: all have), and its labels.
    /// </summary>
    internal sealed record Row(string Name, string Type, bool IsLeaders, string? Deployment, IReadOnlySet<string> Labels)
    {
        public bool IsOn(string deployment) => Deployment is null || Deployment == deployment;
    }

    public static async Task<IReadOnlyList<Row>> ReadAsync()
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "operations", "metrics.md"), TestContext.Current.CancellationToken);
        return
        [
            .. from match in Rows().Matches(text)
               let kind = match.Groups["type"].Value.Split(", ")
               let labels = Code().Matches(match.Groups["labels"].Value).Select(label => label.Groups[1].Value).ToHashSet()
               select new Row(
                   match.Groups["name"].Value, kind[0], kind.Contains("leader"), kind.Skip(1).FirstOrDefault(word => word != "leader"), labels),
        ];
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| (?<type>(counter|gauge|histogram)(, [a-zA-Z]+)?) \|(?<labels>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();
}
