using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Metrics;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Monitoring;

/// <summary>The dashboard is one that Grafana can load, and says what it shows.</summary>
public sealed partial class DashboardTests
{
    private static readonly string[] Rows =
        ["Overview", "Tenants", "Endpoints", "Queue", "Latency", "Circuits", "Store and commits", "API", "Process"];

    [Fact]
    public async Task Dashboard_has_its_rows_and_variables_and_a_heat_map()
    {
        var dashboard = await Dashboard.ReadAsync();

        dashboard.Json.Number("schemaVersion").ShouldBeGreaterThanOrEqualTo(37);
        dashboard.Json.Text("uid").ShouldBe("hookstream");
        dashboard.Panels.Where(panel => panel.Text("type") == "row").Select(panel => panel.Text("title")).ShouldBe(Rows);
        dashboard.Variables.Select(variable => variable.Text("name")).ShouldBe(["datasource", "job", "instance", "tenant", "endpoint"]);
        dashboard.Variables[0].Text("type").ShouldBe("datasource");
        dashboard.Panels.ShouldContain(panel => panel.Text("type") == "heatmap");
    }

    [Fact]
    public async Task Every_panel_says_what_it_shows_and_asks_the_chosen_data_source()
    {
        var dashboard = await Dashboard.ReadAsync();
        var panels = dashboard.Panels.Where(panel => panel.Text("type") != "row").ToList();

        panels.Count.ShouldBeGreaterThan(40);
        dashboard.Panels.Select(panel => panel.Number("id")).ShouldBeUnique();
        foreach (var panel in panels)
        {
            var title = panel.Text("title");
            panel.Text("description").ShouldNotBeEmpty(title);
            panel.GetProperty("datasource").Text("uid").ShouldBe("${datasource}", title);
            panel.GetProperty("targets").GetArrayLength().ShouldBePositive(title);
            panel.GetProperty("targets").EnumerateArray().Select(target => target.Text("refId")).ShouldBeUnique(title);
            if (panel.Text("type") is "stat" or "timeseries" or "table")
                panel.GetProperty("fieldConfig").GetProperty("defaults").Text("unit").ShouldNotBeEmpty(title);
        }
    }

    [Fact]
    public async Task Panels_lie_on_the_grid_beside_each_other()
    {
        var dashboard = await Dashboard.ReadAsync();
        var taken = new Dictionary<(int X, int Y), string>();

        foreach (var panel in dashboard.Panels)
        {
            var place = panel.GetProperty("gridPos");
            var (x, y, width, height) = (place.Number("x"), place.Number("y"), place.Number("w"), place.Number("h"));
            (x + width).ShouldBeLessThanOrEqualTo(24, panel.Text("title"));
            foreach (var cell in from dx in Enumerable.Range(x, width) from dy in Enumerable.Range(y, height) select (dx, dy))
                taken.TryAdd(cell, panel.Text("title")).ShouldBeTrue($"{panel.Text("title")} lies on {taken.GetValueOrDefault(cell)}");
        }
    }

    [Fact]
    public async Task Rates_are_taken_over_the_rate_interval_and_variables_are_there()
    {
        var dashboard = await Dashboard.ReadAsync();
        var variables = dashboard.Variables.Select(variable => variable.Text("name")).ToHashSet();

        foreach (var (panel, expression, _) in dashboard.Queries)
        {
            Rates().Matches(expression).Select(match => match.Groups[1].Value)
                .ShouldAllBe(window => window == "$__rate_interval", $"{panel}: {expression}");
            Variables().Matches(expression).Select(match => match.Groups[1].Value).Where(name => !name.StartsWith("__", StringComparison.Ordinal))
                .ShouldBeSubsetOf(variables, $"{panel}: {expression}");
        }
    }

    // The last value of a range is that of before, for hours after what had it is gone.
    [Fact]
    public async Task Figures_of_the_overview_are_those_of_now()
    {
        var dashboard = await Dashboard.ReadAsync();
        var figures = dashboard.Panels.Where(panel => panel.Text("type") == "stat").ToList();

        figures.Count.ShouldBe(8);
        foreach (var figure in figures)
        {
            figure.GetProperty("targets").EnumerateArray()
                .ShouldAllBe(target => target.GetProperty("instant").GetBoolean(), figure.Text("title"));
            figure.GetProperty("options").Text("graphMode").ShouldBe("none", figure.Text("title"));
        }
    }

    [Fact]
    public async Task What_nobody_measures_is_not_shown_as_nothing()
    {
        var dashboard = await Dashboard.ReadAsync();
        var leaders = (await MetricsReference.ReadAsync()).Where(row => row.IsLeaders).Select(row => row.Name).ToHashSet();

        var made = dashboard.Queries.Where(query => query.Expression.Contains("vector(0)", StringComparison.Ordinal)).ToList();

        leaders.ShouldContain("hookstream_queue_depth");
        made.ShouldNotBeEmpty();
        made.Where(query => new Expression(query.Expression).Names.Any(leaders.Contains)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Provisioning_names_the_directory_that_holds_the_dashboard()
    {
        var directory = Path.Combine(Repository.Root, "deploy", "grafana", "provisioning");
        var cancellation = TestContext.Current.CancellationToken;

        (await File.ReadAllTextAsync(Path.Combine(directory, "dashboards", "hookstream.yml"), cancellation)).ShouldContain("path: /etc/grafana/dashboards");
        (await File.ReadAllTextAsync(Path.Combine(directory, "datasources", "prometheus.yml"), cancellation)).ShouldContain("type: prometheus");
        (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations", "running.md"), cancellation))
            .ShouldContain("/etc/grafana/dashboards");
    }

    [GeneratedRegex(@"\brate\([^\[]*\[([^\]]*)\]")]
    private static partial Regex Rates();

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variables();
}
