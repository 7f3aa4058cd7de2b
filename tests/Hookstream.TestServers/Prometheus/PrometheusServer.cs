using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hookstream.TestServers.Programs;

namespace Hookstream.TestServers.Prometheus;

/// <summary>
/// A real Prometheus on a free loopback port that fetches the metrics of its targets every second. Its data goes with it; it ends
/// with this process.
/// </summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly ServerDirectory _directory = new("prometheus");
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private WatchedProcess? _process;
    private Uri? _address;

    private PrometheusServer()
    {
    }

    /// <summary>Why none can be started on this machine; null when one can.</summary>
    public static string? Missing { get; } = ServerPrograms.Find("prometheus") is null || ServerPrograms.Find("promtool") is null
        ? "Prometheus is missing: prometheus and promtool are not in PATH (Debian: apt-get install prometheus)"
        : null;

    /// <summary>The end of its log.</summary>
    public string LogTail => _directory.Tail();

    /// <summary>Starts one. Skips the test where the program is missing (in CI: fails).</summary>
    /// <param name="target">Whose metrics it fetches.</param>
    /// <param name="token">What it is to send for them; null: nothing.</param>
    public static Task<PrometheusServer> StartNewAsync(Uri target, string? token = null) => StartNewAsync([target], token);

    /// <summary>The same with several targets of one job, and with rules.</summary>
    /// <param name="targets">Whose metrics it fetches.</param>
    /// <param name="token">What it is to send for them; null: nothing.</param>
    /// <param name="rules">The file of its rules; null: none.</param>
    public static async Task<PrometheusServer> StartNewAsync(IReadOnlyList<Uri> targets, string? token = null, string? rules = null)
    {
        if (Missing is { } reason)
            MissingServer.Report(reason);
        var server = new PrometheusServer();
        try
        {
            var config = await server.WriteConfigAsync(targets, token, rules);
            for (var attempt = 1; !await server.TryStartAsync(config, FreePort.Find()); attempt++)
            {
                if (attempt == Attempts)
                    throw new InvalidOperationException($"Prometheus does not start; it wrote\n{server.LogTail}");
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <c>promtool</c> with what it is to read on its standard input.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> PromtoolAsync(string input, params string[] arguments)
    {
        if (Missing is { } reason)
            MissingServer.Report(reason);
        using var process = Process.Start(new ProcessStartInfo(ServerPrograms.Find("promtool")!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>What an expression gives now: the labels of each series and its value.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string expression)
    {
        using var json = await GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(expression));
        return
        [
            .. from series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
               let value = NumberOf(series.GetProperty("value")[1].GetString()!)
               select ((IReadOnlyDictionary<string, string>)TextsOf(series.GetProperty("metric")), value),
        ];
    }

    /// <summary>The alerts of its rules, as it has read them.</summary>
    public async Task<IReadOnlyList<AlertRule>> AlertsAsync()
    {
        using var json = await GetAsync("/api/v1/rules?type=alert");
        return
        [
            .. from rule in json.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                   .SelectMany(rules => rules.GetProperty("rules").EnumerateArray())
               select new AlertRule(
                   rule.GetProperty("name").GetString()!,
                   rule.GetProperty("query").GetString()!,
                   TextsOf(rule.GetProperty("labels")),
                   TextsOf(rule.GetProperty("annotations"))),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        _directory.Remove();
    }

    private async Task<JsonDocument> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(_address!, path));
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{Uri.UnescapeDataString(path)}: {text}");
        return JsonDocument.Parse(text);
    }

    private static double NumberOf(string value) => value switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(value, CultureInfo.InvariantCulture),
    };

    private static Dictionary<string, string> TextsOf(JsonElement json) => json.EnumerateObject()
        .ToDictionary(property => property.Name, property => property.Value.GetString()!, StringComparer.Ordinal);

    private async Task<string> WriteConfigAsync(IReadOnlyList<Uri> targets, string? token, string? rules)
    {
        Directory.CreateDirectory(_directory.Data);
        var path = Path.Combine(_directory.Path, "prometheus.yml");
        // It may run as a user that cannot read the sources.
        const string Rules = "alerts.yml";
        if (rules is not null)
            File.Copy(rules, Path.Combine(_directory.Path, Rules));
        var ruleFile = rules is null ? "" : Rules;
        var authorization = token is null ? "" : $"\n    authorization:\n      credentials: {token}";
        await File.WriteAllTextAsync(
            path,
            $"""
            global:
              scrape_interval: 1s
            rule_files: [{ruleFile}]
            scrape_configs:
              - job_name: hookstream
                static_configs:
                  - targets: [{string.Join(", ", targets.Select(target => $"\"{target.Authority}\""))}]{authorization}

            """);
        return path;
    }

    private async Task<bool> TryStartAsync(string config, int port)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _address = new Uri($"http://127.0.0.1:{port}");
        _process = await WatchedProcess.StartAsync(
            _directory,
            "KILL",
            [
                ServerPrograms.Find("prometheus")!, $"--config.file={config}", $"--storage.tsdb.path={_directory.Data}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ]);
        return await ServerStart.WaitAsync(_process, _directory, IsReadyAsync);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(_address!, "/-/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
