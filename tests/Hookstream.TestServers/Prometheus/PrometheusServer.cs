using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hookstream.TestServers.Programs;

namespace Hookstream.TestServers.Prometheus;

/// <summary>
/// A real Prometheus on a free loopback port that fetches the metrics of one target every second. Its data goes with it; it ends
/// with this process.
/// </summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly ServerDirectory _directory = new("prometheus");
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private WatchedProcess? _process;

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
    public static async Task<PrometheusServer> StartNewAsync(Uri target, string? token = null)
    {
        if (Missing is { } reason)
            MissingServer.Report(reason);
        var server = new PrometheusServer();
        try
        {
            var config = await server.WriteConfigAsync(target, token);
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
        using var answer = await _http.GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(expression));
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{expression}: {text}");
        using var json = JsonDocument.Parse(text);
        return
        [
            .. from series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
               let labels = series.GetProperty("metric").EnumerateObject()
                   .ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal)
               let value = double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
               select ((IReadOnlyDictionary<string, string>)labels, value),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        _directory.Remove();
    }

    private async Task<string> WriteConfigAsync(Uri target, string? token)
    {
        Directory.CreateDirectory(_directory.Data);
        var path = Path.Combine(_directory.Path, "prometheus.yml");
        var authorization = token is null ? "" : $"\n    authorization:\n      credentials: {token}";
        await File.WriteAllTextAsync(
            path,
            $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: hookstream
                static_configs:
                  - targets: ["{target.Authority}"]{authorization}

            """);
        return path;
    }

    private async Task<bool> TryStartAsync(string config, int port)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _http.BaseAddress ??= new Uri($"http://127.0.0.1:{port}");
        _process = await WatchedProcess.StartAsync(
            _directory,
            "KILL",
            [
                ServerPrograms.Find("prometheus")!, $"--config.file={config}", $"--storage.tsdb.path={_directory.Data}",
                $"--web.listen-address=127.0.0.1:{_http.BaseAddress.Port}", "--log.level=warn",
            ]);
        return await ServerStart.WaitAsync(_process, _directory, IsReadyAsync);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/-/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
