using Hookstream.EndToEnd.Tests.Crashes;
using Npgsql;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>Somebody reads an old state of the database for a minute (a dump does): nothing that ended since can be cleaned up.</summary>
[Collection(nameof(CrashCollection))]
[Trait("Category", "Scale")]
public sealed class OldSnapshotTests(ITestOutputHelper output)
{
    private const int Backlog = 2_000;
    private static readonly TimeSpan StillQuick = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public async Task Snapshot_that_is_held_for_a_minute_slows_no_delivery_down(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        await using var run = await FaultRun.StartAsync(cluster, eventsPerSecond: 200, deliveriesBefore: 2_000);

        var before = await run.DrainAsync(Backlog);
        await run.BeginFaultAsync();
        await using (var reader = await cluster.ConnectAsync())
        {
            await using var transaction = await reader.BeginTransactionAsync(
                System.Data.IsolationLevel.RepeatableRead, TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("select count(*) from unfinished", reader, transaction);
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            await run.FlowAsync(TimeSpan.FromMinutes(1));
            run.SlowestSince(TimeSpan.FromSeconds(10)).ShouldBeLessThan(StillQuick, "from 202 to arrival, with the snapshot still held");
            var after = await run.DrainAsync(Backlog);
            output.WriteLine($"drained {before:0}/s before, {after:0}/s with the snapshot held for a minute");
            after.ShouldBeGreaterThan(before / 2);
        }

        await run.EndAsync("an old snapshot held for a minute", deployment, mostDuplicates: 0);
    }
}
