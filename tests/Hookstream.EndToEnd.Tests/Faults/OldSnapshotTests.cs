using System.Data;
using Hookstream.EndToEnd.Tests.Crashes;
using Npgsql;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>Somebody reads an old state of the database for a minute (a dump does): nothing that ended since can be cleaned up.</summary>
[Collection(nameof(CrashCollection))]
[Trait("Category", "Scale")]
public sealed class OldSnapshotTests(ITestOutputHelper output)
{
    private const int Rate = 200;
    private const int Backlog = 2_000;
    private static readonly TimeSpan StillQuick = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(FaultDeployment.Postgres)]
    [InlineData(FaultDeployment.PostgresAndRedis)]
    public async Task Snapshot_that_is_held_for_a_minute_slows_no_delivery_down(FaultDeployment deployment)
    {
        await using var cluster = await FaultCluster.StartAsync(deployment);
        var before = await DrainAsync(cluster);
        await using (var reader = await cluster.ConnectAsync())
        {
            await using var transaction = await reader.BeginTransactionAsync(
                IsolationLevel.RepeatableRead, TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("select count(*) from unfinished", reader, transaction);
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);

            await using (var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000))
            {
                await run.BeginFaultAsync();
                await run.RecoverAsync();
                await run.FlowAsync(TimeSpan.FromMinutes(1));
                run.SlowestSince(TimeSpan.FromSeconds(10)).ShouldBeLessThan(StillQuick, "from 202 to arrival");
                await run.EndAsync("an old snapshot held for a minute", deployment, mostDuplicates: 0);
            }

            var after = await DrainAsync(cluster);
            output.WriteLine($"drained {before:0}/s before, {after:0}/s with the snapshot held for a minute");
            after.ShouldBeGreaterThan(before / 2);
        }
    }

    private static async Task<double> DrainAsync(FaultCluster cluster)
    {
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 500);
        var rate = await run.DrainAsync(Backlog);
        await run.StopAsync();
        return rate;
    }
}
