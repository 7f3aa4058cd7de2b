using System.Text.RegularExpressions;

namespace Hookstream.Server.Tests.Documentation;

/// <summary>
/// docs/operations/metrics.md has every instrument of ours, whether or not a test makes it count something, and no other. That types and
/// labels are right is seen where a real Prometheus reads them.
/// </summary>
public sealed partial class MetricsReferenceTests
{
    [Fact]
    public void Reference_has_every_instrument_and_no_other()
    {
        var instruments = Repository.Sources()
            .SelectMany(source => Instruments().Matches(source).Select(match => match.Groups[1].Value.Replace('.', '_')))
            .ToHashSet();
        instruments.Count.ShouldBeGreaterThan(30);

        var documented = Rows().Matches(Repository.Read("docs/operations/metrics.md")).Select(row => row.Groups[1].Value).ToList();

        documented.ShouldBeUnique();
        documented.Select(Suffix).ShouldBe(instruments, ignoreOrder: true);

        // What the exporter adds for the type and the unit.
        string Suffix(string metric) => instruments.FirstOrDefault(instrument => metric == instrument
            || Regex.IsMatch(metric, $"^{instrument}(_seconds|_bytes)?(_total)?$")) ?? metric;
    }

    [GeneratedRegex(@"Create\w+(?:<\w+>)?\(\s*\x22((?:hookstream|process)\.[a-z_.]+)\x22")]
    private static partial Regex Instruments();

    [GeneratedRegex("^\\| `((?:hookstream|process)_[a-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
