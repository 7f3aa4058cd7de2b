using System.CommandLine;
using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Deployments;
using Hookstream.Benchmarks.Drain;
using Hookstream.Benchmarks.History;
using Hookstream.Benchmarks.Ingest;
using Hookstream.Benchmarks.Latency;
using Hookstream.Benchmarks.Memory;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.Telemetry;

namespace Hookstream.Benchmarks.CommandLine;

internal static class BenchmarkCommandLine
{
    private static readonly Benchmark[] Benchmarks =
    [
        new("ceilings", "The ceilings alone, without the server")
        {
            IsFor = deployment => deployment == Deployment.Embedded,
            Run = (run, cancel) => new CeilingsBenchmark(run.Settings).RunAsync(cancel),
        },
        new("ingest", "POST /api/v1/events from 50 connections, beside bare Kestrel")
        {
            Run = (run, cancel) => new IngestBenchmark(run).RunAsync(cancel),
        },
        new("drain", "A backlog of deliveries, beside a bare sender")
        {
            Run = (run, cancel) => new DrainBenchmark(run).RunAsync(cancel),
        },
        new("latency", "Accepted to received at 500 events/s, beside a bare relay")
        {
            Run = (run, cancel) => new LatencyBenchmark(run).RunAsync(cancel),
        },
        new("memory", "Resident memory with 1,000,000 deliveries pending")
        {
            IsFor = deployment => deployment == Deployment.Embedded,
            Run = (run, cancel) => new MemoryBenchmark(run).RunAsync(cancel),
        },
        new("history", "Ingest and drain with 5,000,000 deliveries of history, beside an empty store")
        {
            IsFor = deployment => deployment == Deployment.Postgres,
            Run = (run, cancel) => new HistoryBenchmark(run).RunAsync(cancel),
        },
        new("telemetry", "Ingest and drain with metrics, logs and traces, beside the same without")
        {
            Run = (run, cancel) => new TelemetryBenchmark(run).RunAsync(cancel),
        },
    ];

    // The others measure their own ceilings.
    private static readonly Benchmark[] All = [.. Benchmarks.Where(benchmark => benchmark.Name != "ceilings")];

    public static RootCommand Build()
    {
        var options = new RunOptions();
        var root = new RootCommand("Load benchmarks of Hookstream, each beside its ceiling in the same run");
        options.AddTo(root);
        root.SetAction((parsed, cancel) => RunAsync("all", All, options.Read(parsed), cancel));

        var all = new Command("all", "all of them but the ceilings alone (the default)");
        all.SetAction((parsed, cancel) => RunAsync("all", All, options.Read(parsed), cancel));
        root.Subcommands.Add(all);
        foreach (var benchmark in Benchmarks)
        {
            var command = new Command(benchmark.Name, benchmark.Description);
            command.SetAction((parsed, cancel) => RunAsync(benchmark.Name, [benchmark], options.Read(parsed), cancel));
            root.Subcommands.Add(command);
        }

        foreach (var role in HiddenRoles.Commands())
            root.Subcommands.Add(role);
        return root;
    }

    private static async Task<int> RunAsync(
        string kind,
        IReadOnlyList<Benchmark> benchmarks,
        RunArguments arguments,
        CancellationToken cancellationToken)
    {
        try
        {
            await MeasureAsync(kind, benchmarks, arguments, cancellationToken);
            return 0;
        }
        catch (BenchmarkException failure)
        {
            await Console.Error.WriteLineAsync($"No result: {failure.Message}");
            return 1;
        }
    }

    private static async Task MeasureAsync(
        string kind,
        IReadOnlyList<Benchmark> benchmarks,
        RunArguments arguments,
        CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetLocalNow();
        await using var run = new BenchmarkRun(arguments.Settings, arguments.Server, arguments.DataRoot, arguments.Keep);
        var machine = await Machine.DescribeAsync(arguments.Server, arguments.DataRoot, now, cancellationToken);
        var sections = new List<Section>();
        foreach (var deployment in arguments.Deployments)
        {
            run.Deployment = deployment;
            foreach (var benchmark in benchmarks.Where(benchmark => benchmark.IsFor(deployment)))
                sections.Add(await benchmark.Run(run, cancellationToken));
        }

        var label = arguments.Label(kind);
        var report = MarkdownReport.Render(
            arguments.Quick ? $"Benchmarks: {kind} (quick, for smoke only)" : $"Benchmarks: {kind}",
            new Machine([.. machine.Facts, .. run.BackingFacts]),
            arguments.Command(kind),
            sections);
        var path = await ResultFile.WriteAsync(arguments.Results, label, now, report, cancellationToken);
        BenchmarkRun.Say($"\n{report}\nWritten to {path}");
    }
}
