using Hookstream.Core.Retries;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Settling;

public sealed class SettleMetricsTests
{
    private const string Deliveries = "hookstream.deliveries";

    [Fact]
    public async Task Results_are_counted_by_tenant_type_and_status_with_their_times()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var endpoint = Sample.Endpoint(receiver.Url);
        host.Tenants.Names[endpoint.Subscriber.Tenant] = "Acme \"1\"";
        host.Deliveries.Add(Sample.Work(endpoint, waitingSince: TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2)));
        var refused = Sample.Endpoint(
            new Uri("http://127.0.0.1:1/"), settings => settings with { RetrySchedule = Once });
        host.Deliveries.Add(Sample.Work(refused));
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(new Uri("http://127.0.0.1:1/"))));
        await host.StartAsync();
        await host.SettledAsync(3);
        await Eventually.HoldsAsync(() => host.Meters.Sum(Deliveries) == 3, "all three are counted");

        string[] labels = ["tenant=Acme \"1\"", "event_type=payment.completed"];
        host.Meters.Value(Deliveries, [.. labels, "status=delivered"]).ShouldBe(1);
        host.Meters.Value(Deliveries, [.. labels, "status=dead_letter"]).ShouldBe(1);
        host.Meters.Value(Deliveries, [.. labels, "status=failed"]).ShouldBe(1);
        host.Meters.Value("hookstream.dead_letter").ShouldBe(1);
        host.Meters.Values("hookstream.delivery.duration").Count.ShouldBe(3);
        host.Meters.Value("hookstream.delivery.latency").ShouldBeInRange(120, 180);
        host.Meters.Sum("hookstream.settle.batch.size").ShouldBe(3);
        host.Meters.Values("hookstream.settle.duration").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Result_is_counted_when_it_is_recorded_and_not_before()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var away = true;
        host.Deliveries.SettleFails = _ => away ? new StoreUnavailableException("away") : null;
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await Eventually.HoldsAsync(() => host.Deliveries.SettleCalls >= 2, "settling is tried again");

        host.Meters.Sum(Deliveries).ShouldBe(0);

        away = false;
        await Eventually.HoldsAsync(() => host.Meters.Sum(Deliveries) == 1, "it is counted once it is recorded");
    }

    [Fact]
    public async Task Delivery_that_waited_too_long_is_a_dead_letter_and_no_attempt()
    {
        await using var host = new WorkerHost();
        host.Deliveries.Add(Sample.Work(
            Sample.Endpoint(new Uri("http://127.0.0.1:1/")), waitingSince: TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(30)));
        await host.StartAsync();
        await host.SettledAsync(1);

        await Eventually.HoldsAsync(() => host.Meters.Value("hookstream.dead_letter") == 1, "it is counted");
        host.Meters.Sum(Deliveries).ShouldBe(0);
    }

    private static RetrySchedule Once =>
        RetrySchedule.TryCreate([TimeSpan.Zero], out var schedule) ? schedule! : throw new InvalidOperationException();
}
