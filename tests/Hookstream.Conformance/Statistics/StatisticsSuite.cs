using Hookstream.Core.Statistics;

namespace Hookstream.Conformance.Statistics;

/// <summary>Figures add up, by subscriber and by tenant, over the windows that they are asked for, and go when they are old.</summary>
public abstract class StatisticsSuite : StoreSuite
{
    [Fact]
    public async Task Subscriber_of_which_nothing_is_known_has_figures_of_nothing()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);

        var report = await ReadAsync(tenant, subscriber.Id);

        (report.Hour.Attempts, report.Day.Attempts, report.Week.Attempts).ShouldBe((0, 0, 0));
        report.Week.SuccessRate.ShouldBeNull();
        report.Week.Durations.Percentile(0.5).ShouldBeNull();
        report.Waiting.ShouldBe(new WaitingCount(0, 0, 0, Complete: true));
        (await ReadAsync(tenant)).Week.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task Figures_of_the_same_minute_add_up()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AddAsync(Row(tenant, subscriber.Id, delivered: 3, failed: 1, milliseconds: 10), Row(tenant, null, delivered: 3, failed: 1, milliseconds: 10));
        Time.Advance(TimeSpan.FromSeconds(20));
        await AddAsync(Row(tenant, subscriber.Id, delivered: 2, dead: 2, milliseconds: 100));
        await AddAsync(
            Row(tenant, subscriber.Id, delivered: 1, milliseconds: 1), Row(tenant, subscriber.Id, delivered: 1, milliseconds: 1));

        var report = await ReadAsync(tenant, subscriber.Id);

        foreach (var figures in (StatisticsFigures[])[report.Hour, report.Day, report.Week])
        {
            (figures.Delivered, figures.Failed, figures.DeadLetter, figures.Attempts).ShouldBe((7, 1, 2, 10));
            figures.SuccessRate.ShouldBe(0.7);
            figures.Durations.Total.ShouldBe(10);
            figures.Latencies.Total.ShouldBe(7);
            figures.Durations.Percentile(0.2).ShouldNotBeNull().ShouldBe(1, 0.05);
            figures.Durations.Percentile(0.5).ShouldNotBeNull().ShouldBe(10, 0.5);
            figures.Durations.Percentile(1).ShouldNotBeNull().ShouldBe(100, 5);
        }

        (await ReadAsync(tenant)).Hour.Attempts.ShouldBe(4, "the tenant's are those that were added as the tenant's");
    }

    [Fact]
    public async Task Figures_are_their_tenants_and_their_subscribers()
    {
        var tenant = await NewTenantAsync();
        var stranger = await NewTenantAsync("stranger");
        var one = await SubscribeAsync(tenant);
        var other = await SubscribeAsync(tenant);
        await AddAsync(Row(tenant, one.Id, delivered: 1), Row(tenant, other.Id, failed: 2), Row(tenant, null, delivered: 1, failed: 2));

        (await ReadAsync(tenant, one.Id)).Hour.Delivered.ShouldBe(1);
        (await ReadAsync(tenant, other.Id)).Hour.Failed.ShouldBe(2);
        (await ReadAsync(tenant)).Hour.Attempts.ShouldBe(3);
        (await ReadAsync(stranger)).Hour.Attempts.ShouldBe(0);
        (await Store.Statistics.ReadAsync(stranger, one.Id, Cancellation)).ShouldBeNull();
        (await Store.Statistics.ReadAsync(tenant, SubscriberId.New(Now), Cancellation)).ShouldBeNull();
        (await Store.Statistics.ReadAsync(TenantId.New(Now), null, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Figures_of_whom_nobody_knows_are_left_out_and_the_others_are_not()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);

        await AddAsync(
            Row(TenantId.New(Now), null, delivered: 1), Row(tenant, SubscriberId.New(Now), delivered: 1), Row(tenant, subscriber.Id, delivered: 1));

        (await ReadAsync(tenant, subscriber.Id)).Hour.Delivered.ShouldBe(1);
    }

    [Fact]
    public async Task Deleted_subscriber_has_no_figures_and_its_tenant_keeps_its_own()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AddAsync(Row(tenant, subscriber.Id, delivered: 1), Row(tenant, null, delivered: 1));

        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        (await Store.Statistics.ReadAsync(tenant, subscriber.Id, Cancellation)).ShouldBeNull();
        (await ReadAsync(tenant)).Hour.Delivered.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(60, 1, 1, 1)]
    [InlineData(62, 0, 1, 1)]
    [InlineData(24 * 60, 0, 1, 1)]
    [InlineData(25 * 60, 0, 0, 1)]
    [InlineData(7 * 24 * 60, 0, 0, 1)]
    [InlineData(7 * 24 * 60 + 60, 0, 0, 0)]
    public async Task Attempt_leaves_each_window_when_its_time_has_passed(int minutes, int hour, int day, int week)
    {
        var tenant = await NewTenantAsync();
        await AddAsync(Row(tenant, null, delivered: 1));
        Time.Advance(TimeSpan.FromMinutes(minutes));
        await RollUpToTheEndAsync();

        var report = await ReadAsync(tenant);

        (report.Hour.Attempts, report.Day.Attempts, report.Week.Attempts).ShouldBe((hour, day, week));
    }

    [Fact]
    public async Task Rolling_up_changes_no_sum_of_a_day()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        for (var minute = 0; minute < 300; minute++)
        {
            await AddAsync(
                Row(tenant, subscriber.Id, delivered: 1, failed: 1, milliseconds: 1 + minute),
                Row(tenant, null, delivered: 1, failed: 1, milliseconds: 1 + minute));
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        var before = await ReadAsync(tenant, subscriber.Id);
        await RollUpToTheEndAsync();
        var after = await ReadAsync(tenant, subscriber.Id);

        before.Day.Attempts.ShouldBe(600);
        after.Day.Attempts.ShouldBe(600);
        after.Hour.Attempts.ShouldBe(before.Hour.Attempts);
        after.Day.Durations.Counts.ToArray().ShouldBe(before.Day.Durations.Counts.ToArray());
        after.Day.Latencies.Counts.ToArray().ShouldBe(before.Day.Latencies.Counts.ToArray());
        (await ReadAsync(tenant)).Day.Attempts.ShouldBe(600);
        (await Store.Maintenance.RollUpStatisticsAsync(Cancellation)).ShouldBeFalse();
        // What comes late is added to the hour that its minute went into.
        await AddAsync(Row(tenant, subscriber.Id, delivered: 5) with { Minute = Now.AddHours(-4) });
        await RollUpToTheEndAsync();
        (await ReadAsync(tenant, subscriber.Id)).Day.Attempts.ShouldBe(605);
    }

    [Fact]
    public async Task Figures_survive_a_restart()
    {
        var tenant = await NewTenantAsync();
        await AddAsync(Row(tenant, null, delivered: 4, milliseconds: 30));

        await Store.ReopenAsync();

        var report = await ReadAsync(tenant);
        report.Hour.Delivered.ShouldBe(4);
        report.Hour.Durations.Percentile(0.5).ShouldNotBeNull().ShouldBe(30, 1.5);
    }

    [Fact]
    public async Task Several_who_add_to_the_same_figures_lose_none()
    {
        var tenant = await NewTenantAsync();
        var subscribers = new List<SubscriberId>();
        for (var i = 0; i < 5; i++)
            subscribers.Add((await SubscribeAsync(tenant)).Id);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
        {
            StatisticsRow[] rows = [.. subscribers.Select(id => Row(tenant, id, delivered: 1)), Row(tenant, null, delivered: 5)];
            return AddAsync(i % 2 == 0 ? rows : [.. rows.Reverse()]);
        })));

        (await ReadAsync(tenant)).Hour.Delivered.ShouldBe(100);
        foreach (var id in subscribers)
            (await ReadAsync(tenant, id)).Hour.Delivered.ShouldBe(20);
    }

    [Fact]
    public async Task What_waits_is_counted_as_it_reads()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant, "order.*");
        var paused = await SubscribeAsync(tenant, "order.*");
        await AppendManyAsync(tenant, 3);
        var leases = (await ClaimAsync()).Where(lease => lease.Subscriber == subscriber.Id).ToList();
        await SettleAsync(RetryOf(leases[0], TimeSpan.FromHours(1)), DeliveredOf(leases[1]));
        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, true, Cancellation);

        (await ReadAsync(tenant, subscriber.Id)).Waiting.ShouldBe(new WaitingCount(Pending: 1, Failed: 1, Held: 0, Complete: true));
        (await ReadAsync(tenant, paused.Id)).Waiting.ShouldBe(new WaitingCount(Pending: 0, Failed: 0, Held: 3, Complete: true));
        (await ReadAsync(tenant)).Waiting.ShouldBe(new WaitingCount(Pending: 1, Failed: 1, Held: 3, Complete: true));
        await Store.Subscribers.DeleteAsync(tenant, paused.Id, Cancellation);

        (await ReadAsync(tenant)).Waiting.ShouldBe(new WaitingCount(Pending: 1, Failed: 1, Held: 0, Complete: true), "what is to be cancelled reads so");
    }

    [Fact]
    public async Task More_than_is_counted_is_told_apart()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, WaitingCount.Most);
        (await ReadAsync(tenant, subscriber.Id)).Waiting.ShouldBe(new WaitingCount(WaitingCount.Most, 0, 0, Complete: true));

        await AppendManyAsync(tenant, 5);

        (await ReadAsync(tenant, subscriber.Id)).Waiting.Complete.ShouldBeFalse();
        (await ReadAsync(tenant)).Waiting.Complete.ShouldBeFalse();
    }

    private async Task RollUpToTheEndAsync()
    {
        for (var chunk = 0; await Store.Maintenance.RollUpStatisticsAsync(Cancellation); chunk++)
            chunk.ShouldBeLessThan(1_000, "it never came to an end");
    }

    private async Task<StatisticsReport> ReadAsync(TenantId tenant, SubscriberId? subscriber = null) =>
        (await Store.Statistics.ReadAsync(tenant, subscriber, Cancellation)).ShouldNotBeNull();

    private Task AddAsync(params StatisticsRow[] rows) => Store.Statistics.AddAsync(rows, Cancellation);

    private StatisticsRow Row(
        TenantId tenant, SubscriberId? subscriber, int delivered = 0, int failed = 0, int dead = 0, double milliseconds = 5)
    {
        var figures = new StatisticsFigures { Delivered = delivered, Failed = failed, DeadLetter = dead };
        for (var i = 0; i < delivered + failed + dead; i++)
            figures.Durations.Record(TimeSpan.FromMilliseconds(milliseconds));
        for (var i = 0; i < delivered; i++)
            figures.Latencies.Record(TimeSpan.FromMilliseconds(2 * milliseconds));
        return new StatisticsRow(tenant, subscriber, Now, figures);
    }
}
