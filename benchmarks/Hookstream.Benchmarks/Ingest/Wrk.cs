using System.Text;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks.Ingest;

/// <summary>Drives ingest. It is C on purpose: a driver in C# would eat the cores it measures.</summary>
internal static class Wrk
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Ingest", "ingest.lua");

    public static void EnsureInstalled()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (!path.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "wrk"))))
            throw new BenchmarkException("wrk, the load driver, is not installed: apt-get install wrk");
    }

    /// <summary>
    /// Makes sure, with one event, that the answer is the one meant, since wrk itself only looks for errors.
    /// </summary>
    public static async Task ProbeAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        using var api = new ServerApi(address, token);
        await api.PostEventAsync(Encoding.UTF8.GetBytes(SampleEvent.Body(SampleEvent.Type)), cancellationToken);
    }

    public static async Task<WrkResult> RunAsync(
        Uri address,
        string token,
        int connections,
        int seconds,
        CancellationToken cancellationToken)
    {
        var output = await ProcessCommand.RunAsync(
            "wrk",
            [
                "-t2",
                $"-c{connections}",
                $"-d{seconds}s",
                "--latency",
                "-s",
                Script,
                new Uri(address, "/api/v1/events").ToString(),
            ],
            new Dictionary<string, string>
            {
                ["BENCH_TOKEN"] = token,
                ["BENCH_BODY"] = SampleEvent.Body(SampleEvent.Type),
            },
            cancellationToken);
        return WrkResult.Parse(output);
    }
}
