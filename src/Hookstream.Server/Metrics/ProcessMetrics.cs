using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;
using Hookstream.Server.Configuration;
using Hookstream.Server.Hosting;

namespace Hookstream.Server.Metrics;

/// <summary>What runs here, since when, and what of it the runtime's own meter does not say, or says wrongly.</summary>
internal static class ProcessMetrics
{
    public static void Add(IMeterFactory meters, Settings settings)
    {
        var meter = meters.CreateMeter();
        var build = new KeyValuePair<string, object?>[] { new("version", WebHost.Version), new("role", settings.Role.ToWord()) };
        meter.CreateObservableGauge(
            "hookstream.build.info", () => new Measurement<int>(1, build), null, "Always 1; its labels say which version runs in which role.");
        using var process = Process.GetCurrentProcess();
        var startedAt = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1_000.0;
        meter.CreateObservableGauge("process.start_time", () => startedAt, "s", "When the process started, in seconds since 1970.");
        meter.CreateObservableGauge("hookstream.process.cpus", () => Environment.ProcessorCount, "{cpu}", "Processors that the process may use.");
        meter.CreateObservableGauge("hookstream.threads.active", () => ThreadPool.ThreadCount, "{thread}", "Threads of the thread pool.");
        meter.CreateObservableGauge(
            "hookstream.threads.queue_length", () => ThreadPool.PendingWorkItemCount, "{item}", "What waits for a thread of the thread pool.");
        if (settings.Database is null)
            AddDisk(meter, new DriveInfo(settings.DataDirectory));
    }

    private static void AddDisk(Meter meter, DriveInfo disk)
    {
        meter.CreateObservableGauge(
            "hookstream.disk.free", () => Look(() => disk.AvailableFreeSpace), "By", "What this process may still write on the disk of the data directory.");
        meter.CreateObservableGauge(
            "hookstream.disk.size", () => Look(() => disk.TotalSize), "By", "The size of the disk of the data directory.");
    }

    // A disk that does not answer has no figures, and takes none of the others with it; that the store is down is told apart.
    private static Measurement<long>[] Look(Func<long> value)
    {
        try
        {
            return [new Measurement<long>(value())];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
