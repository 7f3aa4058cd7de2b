using Hookstream.EndToEnd.Tests.Crashes;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>
/// The clock of one worker is minutes off. The store's or Redis's clock decides, so nobody notices: not while all three work,
/// and not when it is the one that takes over what the two others had claimed.
/// </summary>
[Collection(nameof(CrashCollection))]
[Trait("Category", "Scale")]
public sealed class ClockFaultTests
{
    private const int Rate = 200;
    private const string Libraries = "/usr/lib";
    private const string Library = "libfaketimeMT.so.1";

    [Theory]
    [InlineData(FaultDeployment.Postgres, "+5m")]
    [InlineData(FaultDeployment.Postgres, "-5m")]
    [InlineData(FaultDeployment.PostgresAndRedis, "+5m")]
    [InlineData(FaultDeployment.PostgresAndRedis, "-5m")]
    public async Task Worker_whose_clock_is_off_takes_over_neither_sooner_nor_later(FaultDeployment deployment, string offset)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment, Faketime(offset));
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 4_000);
        cluster.Receiver.All.Values.Count(arrivals => arrivals.At.Count > 1).ShouldBe(0, "repeated, with nothing gone wrong");

        await run.BeginFaultAsync();
        await Task.WhenAll(cluster.Workers[1].KillAsync(), cluster.Workers[2].KillAsync());
        var orphaned = await run.OrphanedAsync();

        var report = await run.EndAsync($"two workers killed, the third's clock off by {offset}", deployment, orphaned);
        report.Recovery.ShouldBeInRange(FaultCluster.Lease - TimeSpan.FromSeconds(1), FaultCluster.Lease + TimeSpan.FromSeconds(15));
        cluster.Receiver.ClockError.ShouldBeLessThan(TimeSpan.FromSeconds(10), "receivers refuse what is stamped minutes off");
    }

    // The wrapper program would be the one that is killed.
    private static (string, string)[] Faketime(string offset)
    {
        var library = Directory.EnumerateDirectories(Libraries)
            .Select(directory => Path.Combine(directory, "faketime", Library))
            .FirstOrDefault(File.Exists);
        if (library is null)
            MissingServer.Report("faketime is missing (Debian: apt-get install faketime)");
        // The clock that waits are measured by is left alone. faketime's "fix" for it would end .NET's waits at once.
        return
        [
            ("LD_PRELOAD", library!), ("FAKETIME", offset),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
        ];
    }
}
