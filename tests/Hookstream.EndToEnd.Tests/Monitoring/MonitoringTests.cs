using System.Globalization;
using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Metrics;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;
using Hookstream.TestServers.Prometheus;

namespace Hookstream.EndToEnd.Tests.Monitoring;

/// <summary>The dashboard and the alerts ask for what a real Prometheus has of a running server.</summary>
public partial class MonitoringTests
{
    // With everything up they have nothing to say, whatever the load.
    private static readonly string[] AlertsOfOutages =
    [
        "HookstreamAbsent", "HookstreamNoApi", "HookstreamInstanceDown", "HookstreamStoreDown", "HookstreamQueueDown", "HookstreamNoWorkerClaims",
        "HookstreamChoresUndone",
    ];

    private protected virtual string Deployment => "embedded";

    [Fact]
    public async Task Dashboard_and_alerts_ask_for_what_Prometheus_has_of_a_server_under_load()
    {
        var dashboard = await Dashboard.ReadAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_RETRY_SCHEDULE", "0s,50ms"));
        await using var prometheus = await PrometheusServer.StartNewAsync([server.Address], rules: RulesFile);
        var alerts = await prometheus.AlertsAsync();
        alerts.Count.ShouldBeGreaterThan(10);
        var elsewhere = (await MetricsReference.ReadAsync()).Where(row => !row.IsOn(Deployment)).Select(row => row.Name).ToHashSet();
        var queries = dashboard.Queries
            .Select(query => (query.Panel, Expression: new Expression(dashboard.Substitute(query.Expression)), query.Legend))
            .Where(query => IsHere(query.Expression)).ToList();
        queries.Count.ShouldBeGreaterThan(50);
        var values = dashboard.Variables.Where(variable => variable.Text("type") == "query")
            .Select(variable => LabelValues().Match(variable.Text("definition")))
            .Select(match => (Label: match.Groups["label"].Value, Expression: new Expression(dashboard.Substitute(match.Groups["series"].Value)))).ToList();
        values.Count.ShouldBe(4);
        var tenant = await SubscribeAsync(server, receiver);

        // What is asked for is there, in the end.
        var asked = queries.Select(query => query.Expression)
            .Concat(alerts.Select(alert => new Expression(alert.Expression)).Where(IsHere).SelectMany(alert => alert.Selectors).Select(text => new Expression(text)))
            .Concat(values.Select(value => value.Expression))
            .ToList();
        var missing = asked;
        await Eventually.TrueAsync(
            async () =>
            {
                await tenant.PostAsync("order.paid");
                missing = await WithoutDataAsync(prometheus, missing);
                return missing.Count == 0;
            },
            () => $"Prometheus to have an answer to\n{string.Join('\n', missing)}\nit wrote\n{prometheus.LogTail}");

        await Eventually.PassAsync(async () =>
        {
            foreach (var (label, expression) in values)
                (await prometheus.QueryAsync(expression.ToString())).ShouldAllBe(series => series.Labels.ContainsKey(label), label);
            foreach (var (panel, expression, legend) in queries)
            {
                await LabelsAreThereAsync(prometheus, expression, panel);
                var shown = Legend().Matches(legend).Select(match => match.Groups[1].Value).ToList();
                var series = await prometheus.QueryAsync(expression.ToString());
                foreach (var label in shown)
                    series.ShouldContain(one => one.Labels.ContainsKey(label), $"{panel}: {expression}: {label}");
            }
        });

        // What to look at is worth nothing at night if it is mistyped, whether or not there is something to see now.
        foreach (var query in (await RunbookQueriesAsync()).Concat(dashboard.Marks.Select(dashboard.Substitute)))
            await prometheus.QueryAsync(query);

        await Eventually.PassAsync(async () =>
        {
            foreach (var alert in alerts)
            {
                var expression = new Expression(alert.Expression);
                if (IsHere(expression))
                    await LabelsAreThereAsync(prometheus, expression, alert.Name);
                var raised = await prometheus.QueryAsync(alert.Expression);
                if (AlertsOfOutages.Contains(alert.Name))
                    raised.ShouldBeEmpty(alert.Name);
            }
        });

        bool IsHere(Expression expression) => !expression.Names.Any(name => elsewhere.Contains(Expression.MetricOf(name)));
    }

    [Fact]
    public async Task Every_metric_that_is_asked_for_is_in_the_reference()
    {
        var documented = (await MetricsReference.ReadAsync()).Select(row => row.Name).Append("up").ToHashSet();
        var dashboard = await Dashboard.ReadAsync();
        var rules = await File.ReadAllTextAsync(RulesFile, TestContext.Current.CancellationToken);

        var asked = dashboard.Queries.Select(query => query.Expression).Append(rules).Concat(await RunbookQueriesAsync())
            .SelectMany(text => new Expression(text).Names).Select(Expression.MetricOf).ToHashSet();

        asked.Count.ShouldBeGreaterThan(40);
        asked.Where(metric => !documented.Contains(metric)).ShouldBeEmpty();
    }

    internal static string RulesFile { get; } = Path.Combine(Repository.Root, "deploy", "prometheus", "alerts.yml");

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);

    private static async Task<IReadOnlyList<string>> RunbookQueriesAsync()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "operations", "alerts.md"), TestContext.Current.CancellationToken);
        var queries = QueryBlocks().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n')).ToList();
        queries.Count.ShouldBeGreaterThan(20);
        return queries;
    }

    // Of everything that can become of a delivery, some.
    private static async Task<TenantApi> SubscribeAsync(ServerProcess server, Receiver receiver)
    {
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var failing = receiver.NewEndpoint().Replies(Reply.Status(500));
        await tenant.SubscribeAsync(receiver.NewEndpoint());
        await tenant.SubscribeAsync(failing, settings: new { circuit_threshold = 1_000 });
        await tenant.SubscribeAsync(failing, settings: new { circuit_threshold = 1 });
        var refusing = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}/");
        (await tenant.Api.PostAsync("/api/v1/subscribers", new { url = refusing, events = (string[])["*"], circuit_threshold = 1_000 })).Data(201);
        var paused = await tenant.SubscribeAsync(receiver.NewEndpoint());
        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{paused.Id}/pause")).Data();
        return tenant;
    }

    private static async Task<List<Expression>> WithoutDataAsync(PrometheusServer prometheus, IEnumerable<Expression> expressions)
    {
        var without = new List<Expression>();
        foreach (var expression in expressions)
        {
            if ((await prometheus.QueryAsync(expression.ToString())).Count == 0)
                without.Add(expression);
        }

        return without;
    }

    private static async Task LabelsAreThereAsync(PrometheusServer prometheus, Expression expression, string where)
    {
        foreach (var label in expression.Labels)
        {
            var holders = string.Join(" or ", expression.Names.Select(name => $"count({name}{{{label}!=\"\"}})"));
            (await prometheus.QueryAsync(holders)).ShouldNotBeEmpty($"{where}: {expression}: {label}");
        }
    }

    [GeneratedRegex("^```promql\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex QueryBlocks();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex(@"^label_values\((?<series>.*), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
