using Hookstream.EndToEnd.Tests.Crashes;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>Every process is stopped and started again under load, one after the other, as a deployment of a new version does.</summary>
[Collection(nameof(CrashCollection))]
public sealed class RollingRestartTests
{
    [Fact]
    [Trait("Category", "Scale")]
    public Task Rolling_restart_on_PostgreSQL_loses_and_repeats_nothing() => RestartAsync(FaultDeployment.Postgres);

    [Fact]
    public Task Rolling_restart_with_Redis_loses_and_repeats_nothing() => RestartAsync(FaultDeployment.PostgresAndRedis);

    private static async Task RestartAsync(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, eventsPerSecond: 200, deliveriesBefore: 500);

        await run.BeginFaultAsync();
        foreach (var process in cluster.Processes)
        {
            (await process.StopAsync()).ShouldBe(0, process.Log.Tail());
            await process.StartAgainAsync();
        }

        // The sends in flight end within the deadline of a shutdown, so none is cut off.
        await run.EndAsync("rolling restart of the API and all workers", deployment, mostDuplicates: 0);
    }
}
