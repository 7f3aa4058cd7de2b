using Hookstream.Api.Metrics;
using Hookstream.Core.Metrics;

namespace Hookstream.Api.Tests.Metrics;

public sealed class ApiMetricsTests : IAsyncLifetime
{
    private const string Requests = "hookstream.api.requests";

    private readonly ApiServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Requests_are_counted_by_template_whatever_is_in_their_path()
    {
        await _server.GetAsync("/api/v1/events/evt_01h455vb4pex5vsknk084sn02q");
        await _server.GetAsync("/api/v1/events/whatever");
        await _server.GetAsync("/api/v1/events?limit=0");
        await _server.GetAsync("/health/live");

        Count("GET", "/api/v1/events/{id}", 404).ShouldBe(2);
        Count("GET", "/api/v1/events", 400).ShouldBe(1);
        Count("GET", "/health/live", 200).ShouldBe(1);
    }

    [Fact]
    public async Task What_no_route_matches_makes_no_series_of_its_own()
    {
        for (var i = 0; i < 20; i++)
        {
            await _server.GetAsync($"/nothing/{i}");
            await _server.SendAsync(new HttpMethod($"MADEUP{i}"), "/nothing", null);
        }

        Count("GET", ApiMetrics.NoRoute, 404).ShouldBe(20);
        Count(LabelValues.Other, ApiMetrics.NoRoute, 404).ShouldBe(20);
        _server.Meters.TagValues(Requests, "route").ShouldBe([ApiMetrics.NoRoute]);
        _server.Meters.TagValues(Requests, "method").ShouldBe(["GET", LabelValues.Other], ignoreOrder: true);
    }

    [Fact]
    public async Task Failures_and_refusals_are_counted_under_their_status()
    {
        await _server.GetAsync("/api/v1/events", key: "wrong");
        await _server.SendAsync(HttpMethod.Delete, "/api/v1/events", null);
        _server.Events.OnAppend = _ => throw new StoreUnavailableException("full");
        await _server.PostAsync("/api/v1/events", Event());

        Count("GET", "/api/v1/events", 401).ShouldBe(1);
        Count("POST", "/api/v1/events", 503).ShouldBe(1);
        _server.Meters.Values(Requests, "method=DELETE", "status=405").Sum().ShouldBe(1);
        _server.Meters.Value("hookstream.events.ingested").ShouldBe(0);
        _server.Meters.Values("hookstream.ingest.duration").ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_are_counted_once_however_often_they_are_posted()
    {
        var keys = new HashSet<string>();
        _server.Events.OnAppend = appended => new AppendResult(
            appended.IdempotencyKey is { } key && !keys.Add(key) ? AppendOutcome.Duplicate : AppendOutcome.Accepted, EventId.New(ApiServer.Now), 1);
        await _server.PostAsync("/api/v1/events", Event("one"));
        await _server.PostAsync("/api/v1/events", Event("one"));
        await _server.PostAsync("/api/v1/events", """{"type":5}""");
        await _server.PostAsync("/api/v1/events/batch", $$"""{"events":[{{Event()}},{{Event("one")}},{{Event()}},{"type":5}]}""");
        await _server.PostAsync("/api/v1/events/batch", """{"events":[{"type":5}]}""");

        _server.Meters.Value("hookstream.events.ingested").ShouldBe(3);
        // Two posts and a batch of which something was accepted.
        _server.Meters.Values("hookstream.ingest.duration").Count.ShouldBe(3);
    }

    [Fact]
    public async Task Health_of_store_and_queue_is_seen_without_a_request()
    {
        var queue = new Queue();
        await using var server = new ApiServer(options => options, queue);
        await server.InitializeAsync();
        await ShowsAsync(server, store: 1, queue: 1);
        server.Meters.Value("hookstream.store.latency").ShouldBe(0.0015, 0.0001);

        server.Maintenance.OnCheck = () => throw new StoreUnavailableException("away");
        await ShowsAsync(server, store: 0, queue: 1);
        queue.Up = false;
        await ShowsAsync(server, store: 0, queue: 0);
    }

    [Fact]
    public async Task Store_is_the_queue_where_there_is_no_other()
    {
        await ShowsAsync(_server, store: 1, queue: 1);
        _server.Maintenance.OnCheck = () => Task.FromResult(new StoreHealth(false, TimeSpan.Zero));
        await ShowsAsync(_server, store: 0, queue: 0);
    }

    private static string Event(string? key = null) =>
        key is null ? """{"type":"order.paid","payload":{}}""" : $$"""{"type":"order.paid","payload":{},"idempotency_key":"{{key}}"}""";

    private double Count(string method, string route, int status) =>
        _server.Meters.Value(Requests, $"method={method}", $"route={route}", $"status={status}");

    private static async Task ShowsAsync(ApiServer server, int store, int queue)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        while (!server.Meters.Values("hookstream.store.up").SequenceEqual([store])
            || !server.Meters.Values("hookstream.queue.up").SequenceEqual([queue]))
        {
            server.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(10, deadline.Token);
        }
    }

    private sealed class Queue : IQueueHealth
    {
        public bool Up { get; set; } = true;

        public Task<StoreHealth> CheckAsync(CancellationToken cancellation) => Task.FromResult(new StoreHealth(Up, TimeSpan.Zero));
    }
}
