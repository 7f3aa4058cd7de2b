using Hookstream.EndToEnd.Tests.Crashes;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>The API dies under load: what it answered 202 arrives, and nothing is repeated, for it claims nothing.</summary>
[Collection(nameof(CrashCollection))]
[Trait("Category", "Scale")]
public sealed class ApiFaultTests
{
    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public async Task Api_that_is_killed_and_started_again_loses_nothing(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, eventsPerSecond: 200, deliveriesBefore: 2_000);

        await run.BeginFaultAsync();
        await cluster.Api.KillAsync();
        await cluster.Api.StartAgainAsync();

        await run.EndAsync("the API killed and started again", deployment, mostDuplicates: 0);
        run.Stream.Unanswered.ShouldBePositive("the fault was to hit requests in flight");
    }
}
