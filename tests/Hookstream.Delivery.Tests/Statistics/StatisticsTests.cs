using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Statistics;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Delivery.Tests.Statistics;

/// <summary>What is recorded is counted, taken to the store, and kept while that takes none.</summary>
public sealed class StatisticsTests
{
    private static readonly EndpointSnapshot Endpoint = Sample.Endpoint(new Uri("http://127.0.0.1:1/"));

    private readonly FakeTimeProvider _time = new(Sample.Now);

    [Fact]
    public async Task Outcomes_are_counted_for_the_subscriber_and_the_tenant_by_the_minute()
    {
        await using var host = new WorkerHost(time: _time);
        await host.StartAsync<StatisticsFlusher>();
        var collector = host.Get<StatisticsCollector>();
        Record(collector, Disposition.Delivered, Disposition.Delivered, Disposition.Retry, Disposition.DeadLetter, Disposition.Release);

        await StoredAsync(host, rows: 2);

        foreach (var subscriber in (SubscriberId?[])[Endpoint.Id, null])
        {
            var row = host.Statistics.Rows.Single(row => row.Subscriber == subscriber);
            row.Tenant.ShouldBe(Endpoint.Subscriber.Tenant);
            row.Minute.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero));
            var figures = row.Figures;
            (figures.Delivered, figures.Failed, figures.DeadLetter).ShouldBe((2, 1, 1));
            figures.Durations.Total.ShouldBe(4, "what a shutdown cut off is no attempt");
            figures.Durations.Percentile(0.5).ShouldNotBeNull().ShouldBe(20, 1);
            figures.Latencies.Total.ShouldBe(2);
            figures.Latencies.Percentile(0.5).ShouldNotBeNull().ShouldBe(1_020, 46);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Record(collector, Disposition.Delivered);
        await StoredAsync(host, rows: 4);
        host.Statistics.Rows[^1].Minute.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_kept_and_added_to_what_comes()
    {
        await using var host = new WorkerHost(time: _time);
        host.Statistics.Away = true;
        await host.StartAsync<StatisticsFlusher>();
        var collector = host.Get<StatisticsCollector>();
        Record(collector, Disposition.Delivered);
        await AdvanceUntilAsync(() => host.Statistics.Refused >= 2, "it tries again");
        Record(collector, Disposition.Delivered);
        host.Statistics.Away = false;

        await StoredAsync(host, rows: 2);

        host.Statistics.Rows.Where(row => row.Subscriber is null).Sum(row => row.Figures.Delivered).ShouldBe(2);
        host.Log.Count(370).ShouldBe(1, "once per outage");
    }

    [Fact]
    public async Task What_is_recorded_before_the_end_is_stored_at_the_end()
    {
        await using var host = new WorkerHost(time: _time);
        await host.StartAsync<StatisticsFlusher>();
        Record(host.Get<StatisticsCollector>(), Disposition.Retry);

        await host.StopAsync(TestContext.Current.CancellationToken);

        host.Statistics.Rows.Count.ShouldBe(2);
        host.Statistics.Rows.ShouldAllBe(row => row.Figures.Failed == 1);
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        var collector = new StatisticsCollector(WorkerHost.Options, _time);
        for (var i = 0; i < StatisticsCollector.Most; i++)
            Record(collector, Sample.Endpoint(new Uri("http://127.0.0.1:1/")), Disposition.Delivered);

        var rows = collector.Take();

        rows.Count.ShouldBe(StatisticsCollector.Most);
        rows.Single(row => row.Subscriber is null).Figures.Delivered.ShouldBe(StatisticsCollector.Most, "what is known goes on being counted");
        collector.Take().ShouldBeEmpty();
    }

    [Fact]
    public async Task Minutes_are_rolled_up_to_the_end_and_looked_at_every_minute()
    {
        await using var host = new WorkerHost(time: _time);
        host.Maintenance.StatisticsChunks = 3;
        await host.StartAsync<StatisticsRollUp>();

        await AdvanceUntilAsync(() => host.Maintenance.RollUps == 3, "three chunks", TimeSpan.FromMilliseconds(100));

        (_time.GetUtcNow() - Sample.Now).ShouldBeLessThan(TimeSpan.FromMinutes(1), "the next look is not what brought them");
        var before = _time.GetUtcNow();
        await AdvanceUntilAsync(() => host.Maintenance.RollUps == 4, "another look", TimeSpan.FromSeconds(5));
        (_time.GetUtcNow() - before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Delivery_is_counted_when_it_is_recorded()
    {
        await using var host = new WorkerHost();
        host.Deliveries.Add(Sample.Work(Endpoint));
        await host.StartAsync<StatisticsFlusher>();
        await host.StartAsync<DeliveryWorker>();
        await host.SettledAsync(1);

        await Eventually.HoldsAsync(() => host.Statistics.Rows.Count == 2, "it is stored");

        host.Statistics.Rows.ShouldAllBe(row => row.Figures.Failed == 1);
    }

    private void Record(StatisticsCollector collector, params Disposition[] dispositions) => Record(collector, Endpoint, dispositions);

    private void Record(StatisticsCollector collector, EndpointSnapshot endpoint, params Disposition[] dispositions)
    {
        var claims = new List<Claim>();
        var outcomes = new List<Settlement>();
        foreach (var disposition in dispositions)
        {
            var now = _time.GetUtcNow();
            var work = Sample.Work(endpoint, waitingSince: now - TimeSpan.FromSeconds(1));
            claims.Add(new Claim { Lease = work.Lease, Lane = null!, Entered = 0, HeldSince = 0, Work = work });
            outcomes.Add(new Settlement
            {
                Lease = work.Lease,
                Disposition = disposition,
                Attempt = new Attempt
                {
                    Id = AttemptId.New(now),
                    Number = 1,
                    Trigger = AttemptTrigger.Schedule,
                    StartedAt = now,
                    Duration = TimeSpan.FromMilliseconds(20),
                    Outcome = disposition == Disposition.Delivered ? AttemptOutcome.Delivered : AttemptOutcome.Timeout,
                    RequestHeaders = "{}"u8.ToArray(),
                },
            });
        }

        collector.Recorded(claims, outcomes);
    }

    private Task StoredAsync(WorkerHost host, int rows) =>
        AdvanceUntilAsync(() => host.Statistics.Rows.Count >= rows, $"{rows} rows to be stored");

    private Task AdvanceUntilAsync(Func<bool> condition, string expectation, TimeSpan? step = null) => Eventually.HoldsAsync(
        () =>
        {
            if (!condition())
                _time.Advance(step ?? TimeSpan.FromSeconds(1));
            return condition();
        },
        expectation);
}
