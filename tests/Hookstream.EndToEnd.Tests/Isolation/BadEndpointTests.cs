using System.Diagnostics;
using System.Globalization;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Isolation;

/// <summary>Endpoints that hang, and one that fails, beside those that do not notice.</summary>
[Trait("Category", "Scale")]
public class BadEndpointTests
{
    private const int Hanging = 20;
    private const int Healthy = 19;
    private const int Backlog = 5_000;
    private const int EventsPerSecond = 500;
    private const int Cooldown = 15;

    // What is below this is the machine's, not the program's.
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(3);

    [Fact]
    public async Task Healthy_endpoints_are_served_as_before_and_open_circuits_let_one_through_in_each_cooling_period()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_CIRCUIT_COOLDOWN", $"{Cooldown}s"), ("LOG_LEVEL", "warn"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var healthy = new List<Endpoint>();
        for (var i = 0; i < Healthy; i++)
        {
            healthy.Add(receiver.NewEndpoint("healthy"));
            await tenant.SubscribeAsync(healthy[i], $"good.n{i}", new { verification = "none" });
        }

        var bad = new List<Subscription>();
        for (var i = 0; i <= Hanging; i++)
        {
            var endpoint = receiver.NewEndpoint("bad").Replies(i == 0 ? Reply.Status(500) : Reply.Hang);
            bad.Add(await tenant.SubscribeAsync(endpoint, "bad.*", new { verification = "none" }));
            await tenant.Api.PatchAsync($"/api/v1/subscribers/{bad[i].Id}/pause");
        }

        var events = string.Join(',', Enumerable.Repeat("""{"type":"bad.one","payload":{}}""", 1_000));
        for (var i = 0; i < Backlog / 1_000; i++)
            (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}""")).Data(202);
        await MeasureAsync(tenant, healthy, 3);
        var before = await MeasureAsync(tenant, healthy, 10);

        foreach (var subscription in bad)
            await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        var beside = await MeasureAsync(tenant, healthy, 20);

        Report($"p95 accepted to received: {before.TotalMilliseconds:0.0} ms, beside {Hanging} that hang {beside.TotalMilliseconds:0.0} ms");
        var bound = 2 * (before > Resolution ? before : Resolution);
        beside.ShouldBeLessThanOrEqualTo(bound);

        // Four at a time, 30 s each: the fifth failure comes after a minute.
        await Eventually.TrueAsync(
            async () => (await CircuitsAsync(tenant, bad)).All(circuit => circuit != "closed"),
            () => "every circuit to open");
        await Task.Delay(TimeSpan.FromSeconds(31), TestContext.Current.CancellationToken);
        var opened = bad.ConvertAll(subscription => subscription.Endpoint.Requests.Count);
        var watched = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds((3 * Cooldown) + 1), TestContext.Current.CancellationToken);
        var periods = (int)Math.Ceiling(watched.Elapsed.TotalSeconds / Cooldown);
        for (var i = 0; i < bad.Count; i++)
            (bad[i].Endpoint.Requests.Count - opened[i]).ShouldBeLessThanOrEqualTo(periods, $"endpoint {i}");
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);

    private static async Task<List<string>> CircuitsAsync(TenantApi tenant, List<Subscription> subscriptions)
    {
        var circuits = new List<string>();
        foreach (var subscription in subscriptions)
            circuits.Add((await tenant.SubscriberAsync(subscription.Id)).Text("circuit"));
        return circuits;
    }

    // Each event goes to one endpoint; the time is from the 202 to the receipt.
    private static async Task<TimeSpan> MeasureAsync(TenantApi tenant, List<Endpoint> endpoints, int seconds)
    {
        var had = endpoints.ConvertAll(endpoint => endpoint.Requests.Count);
        var accepted = new Dictionary<string, DateTimeOffset>();
        var posts = new List<Task<(string Id, DateTimeOffset At)>>();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var tick = 0; tick < seconds * 100; tick++)
        {
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            for (var i = 0; i < EventsPerSecond / 100; i++)
                posts.Add(PostAsync(tenant, posts.Count % endpoints.Count));
        }

        foreach (var (id, at) in await Task.WhenAll(posts))
            accepted[id] = at;
        var latencies = new List<TimeSpan>();
        for (var i = 0; i < endpoints.Count; i++)
        {
            var expected = had[i] + (posts.Count / endpoints.Count) + (i < posts.Count % endpoints.Count ? 1 : 0);
            foreach (var request in (await endpoints[i].WaitForAsync(expected)).Skip(had[i]))
                latencies.Add(request.At - accepted[request.EventId]);
        }

        latencies.Sort();
        return latencies[latencies.Count * 95 / 100];
    }

    private static async Task<(string Id, DateTimeOffset At)> PostAsync(TenantApi tenant, int endpoint)
    {
        var posted = await tenant.PostAsync(string.Create(CultureInfo.InvariantCulture, $"good.n{endpoint}"));
        return (posted.Id, TimeProvider.System.GetUtcNow());
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
