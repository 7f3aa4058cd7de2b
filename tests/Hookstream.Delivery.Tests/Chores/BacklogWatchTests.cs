using Hookstream.Conformance.Metrics;
using Hookstream.Core.Circuits;
using Hookstream.Delivery.Chores;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Delivery.Tests.Chores;

public sealed class BacklogWatchTests
{
    private static readonly string[] All =
        ["hookstream.queue.depth", "hookstream.deliveries.held", "hookstream.oldest_due", "hookstream.circuit_breaker.state"];

    [Fact]
    public async Task What_is_measured_is_exported_and_vanishes_with_the_leadership()
    {
        var time = new FakeTimeProvider(Sample.Now);
        await using var host = new WorkerHost(time: time);
        var endpoint = SubscriberId.New(Sample.Now);
        Backlog? next = Backlog([new("acme", 7)], new HeldBacklog(1, 2, 3, 4), TimeSpan.FromSeconds(9), (endpoint, CircuitState.Open));
        host.Maintenance.Measures.Enqueue(() => next);
        await host.StartAsync<BacklogWatch>();
        await Eventually.HoldsAsync(() => host.Meters.Values(All[0]).Count == 1, "it is measured at once");

        host.Meters.Value("hookstream.queue.depth", "tenant=acme").ShouldBe(7);
        host.Meters.Value("hookstream.deliveries.held", "reason=paused").ShouldBe(1);
        host.Meters.Value("hookstream.deliveries.held", "reason=unverified").ShouldBe(2);
        host.Meters.Value("hookstream.deliveries.held", "reason=circuit_open").ShouldBe(3);
        host.Meters.Value("hookstream.deliveries.held", "reason=blocked").ShouldBe(4);
        host.Meters.Value("hookstream.oldest_due").ShouldBe(9);
        host.Meters.Value("hookstream.circuit_breaker.state", $"endpoint={endpoint}").ShouldBe(1);

        next = null;
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return All.All(name => host.Meters.Values(name).Count == 0);
            },
            "another leads: nothing is exported any more");
    }

    [Fact]
    public async Task While_the_store_is_away_nothing_is_exported_and_it_is_said_once()
    {
        var time = new FakeTimeProvider(Sample.Now);
        await using var host = new WorkerHost(time: time);
        var away = false;
        host.Maintenance.Measures.Enqueue(() => away ? throw new StoreUnavailableException("away") : Backlog([new("acme", 7)]));
        await host.StartAsync<BacklogWatch>();
        await Eventually.HoldsAsync(() => host.Meters.Values(All[0]).Count == 1, "it is measured");
        away = true;
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return host.Meters.Values(All[0]).Count == 0 && host.Maintenance.Measured > 5;
            },
            "nothing is exported");
        host.Log.Count(365).ShouldBe(1);
        away = false;
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return host.Meters.Values(All[0]).Count == 1;
            },
            "it is back");
    }

    [Fact]
    public async Task Measuring_that_takes_long_is_done_seldom()
    {
        var time = new FakeTimeProvider(Sample.Now);
        await using var host = new WorkerHost(time: time);
        host.Maintenance.Measures.Enqueue(() =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return Backlog([new("acme", 7)]);
        });
        await host.StartAsync<BacklogWatch>();
        await Eventually.HoldsAsync(() => host.Meters.Values(All[0]).Count == 1, "it is measured");
        var first = time.GetUtcNow();

        await Eventually.HoldsAsync(
            () =>
            {
                if (host.Maintenance.Measured == 1)
                    time.Advance(TimeSpan.FromSeconds(5));
                return host.Maintenance.Measured == 2;
            },
            "it is measured again");

        // The second one takes 2 s as well.
        (time.GetUtcNow() - first).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(200));
    }

    [Fact]
    public void Circuit_that_has_closed_reads_0_and_tenants_of_one_name_are_one()
    {
        using var meters = new RecordedMeters();
        var metrics = new BacklogMetrics(meters, tenants: 2, endpoints: 2);
        var (one, two, three) = (SubscriberId.New(Sample.Now), SubscriberId.New(Sample.Now), SubscriberId.New(Sample.Now));
        metrics.Show(Backlog(
            [new("acme", 1), new("acme", 2), new("b", 3), new("c", 4), new("d", 5)],
            circuits: [(one, CircuitState.HalfOpen), (two, CircuitState.Open), (three, CircuitState.HalfOpen)]));

        meters.Value("hookstream.queue.depth", "tenant=acme").ShouldBe(3);
        meters.Value("hookstream.queue.depth", "tenant=other").ShouldBe(9);
        meters.TagValues("hookstream.queue.depth", "tenant").ShouldBe(["acme", "b", "other"], ignoreOrder: true);
        meters.Value("hookstream.circuit_breaker.state", $"endpoint={one}").ShouldBe(2);
        meters.Value("hookstream.circuit_breaker.state", "endpoint=other").ShouldBe(2);

        metrics.Show(Backlog([new("acme", 0)], circuits: [(two, CircuitState.HalfOpen)]));

        meters.Value("hookstream.queue.depth").ShouldBe(0);
        meters.Value("hookstream.circuit_breaker.state", $"endpoint={one}").ShouldBe(0);
        meters.Value("hookstream.circuit_breaker.state", $"endpoint={two}").ShouldBe(2);
        meters.Value("hookstream.circuit_breaker.state", "endpoint=other").ShouldBe(0);
    }

    [Fact]
    public void Closed_circuits_read_0_take_half_of_the_places_and_go_with_their_endpoints()
    {
        const string Name = "hookstream.circuit_breaker.state";
        using var meters = new RecordedMeters();
        var metrics = new BacklogMetrics(meters, tenants: 2, endpoints: 4);
        var endpoints = Enumerable.Range(0, 5).Select(_ => SubscriberId.New(Sample.Now)).ToList();

        metrics.Show(Backlog([]) with { ClosedCircuits = endpoints });

        var shown = meters.TagValues(Name, "endpoint");
        shown.Count.ShouldBe(2);
        shown.ShouldAllBe(endpoint => meters.Value(Name, $"endpoint={endpoint}") == 0);
        var (gone, left) = (endpoints.First(id => shown.Contains(id.ToString())), endpoints.Last(id => shown.Contains(id.ToString())));
        var opened = endpoints.First(id => !shown.Contains(id.ToString()));

        metrics.Show(Backlog([], circuits: [(opened, CircuitState.Open)]) with { ClosedCircuits = [left] });

        meters.TagValues(Name, "endpoint").ShouldBe([left.ToString(), opened.ToString()], ignoreOrder: true);
        meters.Value(Name, $"endpoint={opened}").ShouldBe(1);
        meters.TagValues(Name, "endpoint").ShouldNotContain(gone.ToString());

        metrics.Show(Backlog([]) with { ClosedCircuits = [left, opened] });

        meters.Value(Name, $"endpoint={opened}").ShouldBe(0);
    }

    private static Backlog Backlog(
        IReadOnlyList<TenantBacklog> tenants,
        HeldBacklog held = default,
        TimeSpan oldestDue = default,
        params (SubscriberId, CircuitState)[] circuits) => new(tenants, held, oldestDue, circuits, []);
}
