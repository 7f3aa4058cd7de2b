using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Monitoring;

/// <summary>dashboards/hookstream.json, as Grafana reads it.</summary>
internal sealed class Dashboard
{
    private Dashboard(JsonElement json) => Json = json;

    public JsonElement Json { get; }

    public IReadOnlyList<JsonElement> Panels => [.. Json.GetProperty("panels").EnumerateArray()];

    public IReadOnlyList<JsonElement> Variables => [.. Json.GetProperty("templating").GetProperty("list").EnumerateArray()];

    /// <summary>What each panel asks for, and what its legend shows.</summary>
    public IEnumerable<(string Panel, string Expression, string Legend)> Queries =>
        from panel in Panels
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.Text("title"), target.Text("expr"), target.Text("legendFormat"));

    /// <summary>What it marks on every panel: expressions of the rules' and the processes' series.</summary>
    public IEnumerable<string> Marks =>
        Json.GetProperty("annotations").GetProperty("list").EnumerateArray().Select(mark => mark.Text("expr"));

    public static async Task<Dashboard> ReadAsync()
    {
        await using var file = File.OpenRead(Path.Combine(Repository.Root, "dashboards", "hookstream.json"));
        using var json = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        return new Dashboard(json.RootElement.Clone());
    }

    /// <summary>The expression as Grafana asks for it, with everything chosen and scrapes a second apart.</summary>
    public string Substitute(string expression)
    {
        expression = expression.Replace("$__rate_interval", "10s", StringComparison.Ordinal).Replace("$__range", "1m", StringComparison.Ordinal);
        return Variables.Aggregate(
            expression, (text, variable) => text.Replace("$" + variable.Text("name"), AllOf(variable), StringComparison.Ordinal));
    }

    private static string AllOf(JsonElement variable) =>
        variable.TryGetProperty("allValue", out var all) ? all.GetString()! : "";
}
