using Hookstream.EndToEnd.Tests.Crashes;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>Workers die or stand still under load: the others take over what they had claimed, and nothing else is repeated.</summary>
[Collection(nameof(CrashCollection))]
[Trait("Category", "Scale")]
public sealed class WorkerFaultTests
{
    private const int Rate = 200;
    private static readonly TimeSpan LongerThanALease = FaultCluster.Lease + TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public Task Worker_that_is_killed_loses_nothing(FaultDeployment deployment) =>
        KillAsync("a worker killed", deployment, workers: 1);

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public Task Two_workers_that_are_killed_at_once_lose_nothing(FaultDeployment deployment) =>
        KillAsync("two workers killed at once", deployment, workers: 2);

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public async Task Worker_that_is_frozen_for_longer_than_its_lease_changes_nothing_when_it_goes_on(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000);
        var frozen = cluster.Workers[0];

        await run.BeginFaultAsync();
        await frozen.FreezeAsync();
        var orphaned = await run.OrphanedAsync();
        orphaned.ShouldBeInRange(1, 4 * FaultCluster.WorkerConcurrency, "the fault was to hit sends in flight");
        await run.RecoverAsync();
        await run.FlowAsync(LongerThanALease - FaultCluster.Lease);
        await frozen.ThawAsync();

        await frozen.WaitUntilReadyAsync();
        await run.EndAsync("a worker frozen for 75 s", deployment, mostDuplicates: orphaned);
        (await cluster.ReadAsync<long>("select count(*) from attempts where late")).ShouldBeInRange(1, orphaned);
    }

    private static async Task KillAsync(string fault, FaultDeployment deployment, int workers)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000);

        await run.BeginFaultAsync();
        await Task.WhenAll(cluster.Workers.Take(workers).Select(worker => worker.KillAsync()));

        var orphaned = await run.OrphanedAsync();
        orphaned.ShouldBeInRange(1, 4 * FaultCluster.WorkerConcurrency * workers, "the fault was to hit sends in flight");
        await run.EndAsync(fault, deployment, mostDuplicates: orphaned);
    }
}
