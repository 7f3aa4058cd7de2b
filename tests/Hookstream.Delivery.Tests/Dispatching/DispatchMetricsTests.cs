using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class DispatchMetricsTests
{
    [Fact]
    public async Task Claims_what_they_found_and_leases_that_were_taken_over_are_counted()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)) with { LostLeases = 2 });
        await host.StartAsync();
        await host.SettledAsync(2);

        host.Meters.Value("hookstream.claimed_deliveries").ShouldBe(2);
        host.Meters.Value("hookstream.leases.expired").ShouldBe(1);
        var claims = host.Meters.Value("hookstream.claims", "result=ok");
        claims.ShouldBeGreaterThan(0);
        host.Meters.Values("hookstream.claim.duration").Count.ShouldBeGreaterThanOrEqualTo((int)claims);
        host.Meters.Value("hookstream.claims", "result=failed").ShouldBe(0);
        await Eventually.HoldsAsync(() => host.Meters.Value("hookstream.deliveries.in_flight") == 0, "nothing is in flight any more");
    }

    [Fact]
    public async Task Requests_are_counted_beside_the_connections_that_they_needed()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost(WorkerHost.Options with { Concurrency = 1 });
        for (var i = 0; i < 5; i++)
            host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await host.SettledAsync(5);
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(new Uri("http://127.0.0.1:1/"))));
        await host.SettledAsync(6);

        host.Meters.Value("hookstream.http.requests").ShouldBe(6);
        host.Meters.Value("hookstream.http.connections", "result=opened").ShouldBe(1);
        host.Meters.Value("hookstream.http.connections", "result=failed").ShouldBe(1);
    }
}
