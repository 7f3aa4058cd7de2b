using Hookstream.Delivery.Chores;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Delivery.Tests.Chores;

public sealed class ChoreWorkerTests
{
    [Fact]
    public async Task Backlog_runs_on_while_there_is_more_and_rests_when_there_is_none()
    {
        var time = new FakeTimeProvider(Sample.Now);
        await using var host = new WorkerHost(time: time);
        host.Maintenance.Backlog = 5;
        await host.StartAsync<ChoreWorker>();
        await Eventually.HoldsAsync(() => host.Maintenance.BacklogRuns == 5, "the backlog is done without a pause");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        host.Maintenance.BacklogRuns.ShouldBe(5);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => host.Maintenance.BacklogRuns == 6, "it looks again after a second");
    }

    [Fact]
    public async Task Retention_runs_after_a_minute_and_then_hourly()
    {
        var time = new FakeTimeProvider(Sample.Now);
        await using var host = new WorkerHost(WorkerHost.Options with { RetentionDays = 7 }, time);
        await host.StartAsync<ChoreWorker>();
        (await AdvanceUntilAsync(() => host.Maintenance.Removals == 1)).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
        host.Maintenance.Retention.ShouldBe(TimeSpan.FromDays(7));
        (await AdvanceUntilAsync(() => host.Maintenance.Removals == 2)).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(59));

        async Task<TimeSpan> AdvanceUntilAsync(Func<bool> condition)
        {
            var start = time.GetUtcNow();
            await Eventually.HoldsAsync(
                () =>
                {
                    if (!condition())
                        time.Advance(TimeSpan.FromSeconds(30));
                    return condition();
                },
                "retention runs");
            return time.GetUtcNow() - start;
        }
    }
}
