using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Isolation;

/// <summary>Endpoints that answer again after a failure, with all that they failed to get due at once.</summary>
public class RetryFloodTests
{
    private const int Endpoints = 3;
    private const int Flood = 400;
    private const int Fresh = 12;

    // How many sends of its endpoint may come before an event that was posted meanwhile: what is claimed already, and its turn.
    private const int Bound = 40;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Fresh_events_arrive_among_the_retries_and_not_behind_them()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("WORKER_CONCURRENCY", "8"), ("LOG_LEVEL", "warn"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoints = await FailAsync(tenant, receiver);
        foreach (var endpoint in endpoints)
            endpoint.Endpoint.Replies(Reply.Ok with { Delay = TimeSpan.FromMilliseconds(25) });
        var failed = endpoints.ConvertAll(endpoint => endpoint.Endpoint.Requests.Count);
        foreach (var endpoint in endpoints)
            await tenant.Api.PatchAsync($"/api/v1/subscribers/{endpoint.Id}/resume");

        var behind = new List<int>();
        for (var i = 0; i < Fresh; i++)
        {
            var posted = await tenant.PostAsync("flood.fresh");
            // From the 202 on: what arrives while a busy machine takes the event is not before it.
            var before = endpoints.ConvertAll(endpoint => endpoint.Endpoint.Requests.Count);
            for (var j = 0; j < Endpoints; j++)
            {
                var requests = await endpoints[j].Endpoint.WaitForAsync(
                    all => all.Any(request => request.EventId == posted.Id), "the fresh event");
                behind.Add(requests.TakeWhile(request => request.EventId != posted.Id).Count() - before[j]);
            }
        }

        behind.Max().ShouldBeLessThanOrEqualTo(Bound);
        var sent = endpoints.Select((endpoint, i) => endpoint.Endpoint.Requests.Count - failed[i]).ToList();
        sent.ShouldAllBe(count => count < Flood, "retries have to be waiting still, or nothing was in the way");
        for (var i = 0; i < Endpoints; i++)
        {
            var (endpoint, before) = (endpoints[i].Endpoint, failed[i]);
            await endpoint.WaitForAsync(all => all.Count >= before + Flood + Fresh, "the retries");
            endpoint.Requests.Skip(before).Select(request => request.DeliveryId).ShouldBeUnique();
        }
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);

    // Endpoints that are paused, with a flood of retries due.
    private static async Task<List<Subscription>> FailAsync(TenantApi tenant, Receiver receiver)
    {
        var wait = $"{RetryAfter.TotalSeconds:0}s";
        var endpoints = new List<Subscription>();
        for (var i = 0; i < Endpoints; i++)
        {
            endpoints.Add(await tenant.SubscribeAsync(
                receiver.NewEndpoint("flood").Replies(Reply.Status(503)),
                "flood.*",
                new
                {
                    verification = "none",
                    circuit_threshold = 1_000,
                    max_in_flight = 4,
                    retry_schedule = (string[])["0s", .. Enumerable.Repeat(wait, 15)],
                }));
        }

        var events = string.Join(',', Enumerable.Repeat("""{"type":"flood.one","payload":{}}""", Flood));
        (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}""")).Data(202);
        await Eventually.TrueAsync(
            async () => (await tenant.ListAsync("/api/v1/deliveries?status=pending&limit=1")).Count == 0,
            () => "every first attempt to fail");
        foreach (var endpoint in endpoints)
            await tenant.Api.PatchAsync($"/api/v1/subscribers/{endpoint.Id}/pause");
        // Until the last retry is due, jitter included; nothing else tells.
        await Task.Delay(RetryAfter * 1.15, TestContext.Current.CancellationToken);
        return endpoints;
    }
}
