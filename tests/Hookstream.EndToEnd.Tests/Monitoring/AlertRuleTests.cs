using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Prometheus;

namespace Hookstream.EndToEnd.Tests.Monitoring;

/// <summary>
/// The alerts are rules that Prometheus takes, each is tried on figures for which it fires and on figures for which it does not, and each has
/// its section in docs/operations/alerts.md.
/// </summary>
public sealed partial class AlertRuleTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "prometheus");
    private static readonly string Rules = Path.Combine(Folder, "alerts.yml");

    private static string[] Tests => Directory.GetFiles(Folder, "*.test.yml");

    [Fact]
    public async Task Promtool_takes_the_rules_and_the_configuration()
    {
        await PromtoolAsync("check", "rules", "--lint-fatal", Rules);
        await PromtoolAsync("check", "config", "--lint-fatal", Path.Combine(Folder, "prometheus.yml"));
    }

    [Fact]
    public async Task Rules_do_on_made_up_figures_what_their_tests_say() => await PromtoolAsync(["test", "rules", .. Tests]);

    [Fact]
    public async Task Rule_that_is_wrong_does_not_pass_the_rule_tests()
    {
        var rules = await ReadAsync(Rules);
        var wrong = rules.Replace("hookstream_store_up == 0", "hookstream_store_up == 2", StringComparison.Ordinal);
        wrong.ShouldNotBe(rules);
        var folder = Directory.CreateTempSubdirectory("hookstream-rules-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "alerts.yml"), wrong, TestContext.Current.CancellationToken);
            foreach (var test in Tests)
                File.Copy(test, Path.Combine(folder.FullName, Path.GetFileName(test)));

            var (exitCode, output) = await PrometheusServer.PromtoolAsync(
                "", "test", "rules", Path.Combine(folder.FullName, "alerts.test.yml"));

            exitCode.ShouldNotBe(0, output);
            output.ShouldContain("HookstreamStoreDown");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_alert_is_seen_to_fire_and_not_to_fire()
    {
        var alerts = await AlertsAsync();
        alerts.Count.ShouldBeGreaterThan(10);
        var tests = string.Concat(await Task.WhenAll(Tests.Select(ReadAsync)));

        var quiet = Quiet().Matches(tests).Select(match => match.Groups["alert"].Value).ToHashSet();
        var firing = Firing().Matches(tests).Select(match => match.Groups["alert"].Value).ToHashSet();

        alerts.Select(alert => alert.Name).Where(name => !firing.Contains(name)).ShouldBeEmpty("no test sees them fire");
        alerts.Select(alert => alert.Name).Where(name => !quiet.Contains(name)).ShouldBeEmpty("no test sees them not fire");
    }

    [Fact]
    public async Task Killing_the_workers_fires_the_alert_that_no_worker_claims()
    {
        var tests = string.Concat(await Task.WhenAll(Tests.Select(ReadAsync)));

        var killed = tests.Split("  - name: ").Single(test => test.StartsWith("The workers are killed\n", StringComparison.Ordinal));

        Quiet().Matches(killed).Where(match => match.Groups["at"].Value == "5m").Select(match => match.Groups["alert"].Value)
            .ShouldContain("HookstreamNoWorkerClaims");
        Firing().Matches(killed).Where(match => match.Groups["at"].Value == "6m").Select(match => match.Groups["alert"].Value)
            .ShouldBe(["HookstreamNoWorkerClaims"]);
    }

    [Fact]
    public async Task Every_alert_has_its_section_and_every_section_its_alert()
    {
        var alerts = await AlertsAsync();
        var sections = (await ReadAsync(Path.Combine(Repository.Root, "docs", "operations", "alerts.md"))).Split("\n## ").Skip(1)
            .Where(section => section.StartsWith("Hookstream", StringComparison.Ordinal)).ToDictionary(section => section.Split('\n')[0]);

        sections.Keys.ShouldBe(alerts.Select(alert => alert.Name), ignoreOrder: true);
        foreach (var (name, text) in alerts)
        {
            text.ShouldContain($"runbook_url: docs/operations/alerts.md#{name.ToLowerInvariant()}\n");
            Severity().Match(text).Groups[1].Value.ShouldBeOneOf("critical", "warning", "info");
            text.ShouldContain("summary: ");
            text.ShouldContain("description: ");
            var section = sections[name];
            foreach (var part in (string[])["**Means.**", "**Look.**", "**Do.**", "**Ignore.**"])
                section.ShouldContain(part, Case.Sensitive, name);
            section.ShouldContain($"\n{Severity().Match(text).Groups[1].Value}", Case.Sensitive, name);
        }
    }

    private static async Task<IReadOnlyList<(string Name, string Text)>> AlertsAsync() =>
        [.. from alert in (await ReadAsync(Rules)).Split("      - alert: ").Skip(1) select (alert.Split('\n')[0], alert + "\n")];

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var (exitCode, output) = await PrometheusServer.PromtoolAsync("", arguments);
        exitCode.ShouldBe(0, output);
    }

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    [GeneratedRegex(@"eval_time: (?<at>\w+), alertname: (?<alert>\w+), exp_alerts: \[\]")]
    private static partial Regex Quiet();

    [GeneratedRegex(@"eval_time: (?<at>\w+)\n *alertname: (?<alert>\w+)\n *exp_alerts:\n *- exp_labels:")]
    private static partial Regex Firing();

    [GeneratedRegex(@"severity: (\w+)")]
    private static partial Regex Severity();
}
