using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks.Memory;

/// <summary>Resident memory of the server's process with a large backlog, at rest and while it drains.</summary>
internal sealed class MemoryBenchmark(BenchmarkRun run)
{
    private const double MostResidentMb = 300;
    private const string EventType = "memory.backlog";
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(500);

    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say("Memory");
        var settings = run.Settings;
        await using var receiver = await OwnProcess.StartListenerAsync(ReceiverHost.Role, [], cancellationToken);
        await using var server = await run.StartServerAsync("memory", cancellationToken);
        using var counts = new ReceiverClient(receiver.Address);
        using var api = new ServerApi(server);
        var empty = await ReadAsync("just started", server, cancellationToken);

        var endpoint = new Uri(receiver.Address, ReceiverHost.HookPath);
        var subscriber = await api.CreateSubscriberAsync(endpoint, EventType, cancellationToken);
        await api.PauseAsync(subscriber, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await api.PreloadAsync(EventType, settings.MemoryDeliveries, 1, cancellationToken);
        var preloadRate = settings.MemoryDeliveries / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var loaded = await ReadAsync("right after the preload", server, cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        var rested = await ReadAsync($"{Rest.TotalSeconds:n0} s later", server, cancellationToken);
        var dataMb = server.DataBytes() / 1e6;

        await counts.ResetAsync(cancellationToken);
        await api.ResumeAsync(subscriber, cancellationToken);
        var samples = new List<ProcessMemory>();
        started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < settings.MemoryDrainSeconds)
        {
            await Task.Delay(SampleInterval, cancellationToken);
            samples.Add(await ProcessMemory.ReadAsync(server.ProcessId, cancellationToken));
        }

        var drained = await counts.CountsAsync(cancellationToken);
        var draining = samples.MaxBy(sample => sample.ResidentMb);
        BenchmarkRun.Say($"  draining: at most {draining.ResidentMb:n0} MB resident, {drained.Count:n0} received");
        if (drained.Count == 0)
            throw new BenchmarkException("nothing was delivered while memory was measured");

        return new Section(
            "Memory",
            $"""
            {settings.MemoryDeliveries:n0} small events in batches of 1,000 for a paused endpoint ({preloadRate:n0}
            events/s; the data directory then has {dataMb:n0} MB), after which VmRSS is read from
            `/proc/<pid>/status`: right after the preload, {Rest.TotalSeconds:n0} s later, and as the
            largest of the samples taken each {SampleInterval.TotalSeconds:n1} s
            while the resumed endpoint drains for {settings.MemoryDrainSeconds} s
            ({drained.Count:n0} delivered in them). MB are 1,000,000 bytes. No ceiling: the target is absolute.
            """,
            [
                MemoryFigure($"resident memory, {settings.MemoryDeliveries:n0} pending", Larger(loaded, rested)),
                MemoryFigure("resident memory while it drains", draining),
            ],
            new RoundTable(
                ["moment", "VmRSS MB", "of it anonymous MB", "VmHWM MB"],
                [
                    Row("just started", empty),
                    Row("right after the preload", loaded),
                    Row($"{Rest.TotalSeconds:n0} s later", rested),
                    Row("draining, largest sample", draining),
                ]));
    }

    private static async Task<ProcessMemory> ReadAsync(
        string moment,
        ServerProcess server,
        CancellationToken cancellationToken)
    {
        var memory = await ProcessMemory.ReadAsync(server.ProcessId, cancellationToken);
        BenchmarkRun.Say($"  {moment}: {memory.ResidentMb:n0} MB resident, peak {memory.PeakMb:n0} MB");
        return memory;
    }

    private static ProcessMemory Larger(ProcessMemory one, ProcessMemory other) =>
        one.ResidentMb >= other.ResidentMb ? one : other;

    private static Figure MemoryFigure(string name, ProcessMemory memory) => new(name)
    {
        Measured = $"{memory.ResidentMb:n0} MB (peak so far {memory.PeakMb:n0})",
        Target = $"< {MostResidentMb} MB",
        Met = memory.ResidentMb < MostResidentMb,
    };

    private static string[] Row(string moment, ProcessMemory memory) =>
        [moment, $"{memory.ResidentMb:n0}", $"{memory.AnonymousMb:n0}", $"{memory.PeakMb:n0}"];
}
