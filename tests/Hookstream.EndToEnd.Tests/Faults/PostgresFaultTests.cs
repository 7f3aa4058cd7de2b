using Hookstream.EndToEnd.Tests.Crashes;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>
/// PostgreSQL goes away under load: nothing is accepted meanwhile, and nothing that was is lost. Whoever holds a claim keeps
/// it, and settles when PostgreSQL is back, so nothing is repeated.
/// </summary>
[Collection(nameof(CrashCollection))]
[Trait("Category", "Scale")]
public sealed class PostgresFaultTests
{
    private const int Rate = 200;
    private const int MostLinesOfAProcess = 30;
    private static readonly TimeSpan LongerThanALease = FaultCluster.Lease + TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public async Task PostgreSQL_that_is_killed_and_started_again_loses_and_repeats_nothing(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000);

        await run.BeginFaultAsync();
        await cluster.Postgres.KillAsync();
        await cluster.Postgres.StartAsync();

        await run.EndAsync("PostgreSQL killed (SIGQUIT) and started again", deployment, mostDuplicates: 0);
    }

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public async Task PostgreSQL_that_is_away_for_longer_than_a_lease_loses_and_repeats_nothing(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000);
        var logged = cluster.Processes.Select(process => process.Log.Mark).ToArray();

        await run.BeginFaultAsync();
        await cluster.Postgres.KillAsync();
        await Task.Delay(LongerThanALease, TestContext.Current.CancellationToken);
        await ShouldBeUnavailableAsync(cluster.Api);
        await cluster.Postgres.StartAsync();

        await run.EndAsync("PostgreSQL killed and away for 75 s", deployment, mostDuplicates: 0);
        foreach (var (process, mark) in cluster.Processes.Zip(logged))
            process.Log.Since(mark).Count.ShouldBeLessThan(MostLinesOfAProcess, string.Join('\n', process.Log.Since(mark)));
    }

    private static async Task ShouldBeUnavailableAsync(ServerProcess api)
    {
        using var health = await api.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        ((int)health.StatusCode).ShouldBe(503);
        using var live = await api.Http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        ((int)live.StatusCode).ShouldBe(200);
    }
}
