using System.Globalization;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Events;

/// <summary>Times go in with any offset and come out in UTC, whatever zone the server's process runs in.</summary>
public class TimeTests(SharedServer shared)
{
    [Theory]
    [InlineData("2026-03-08T03:30:00-04:00", "2026-03-08T07:30:00.000Z")]
    [InlineData("2026-04-05T01:45:00+11:00", "2026-04-04T14:45:00.000Z")]
    [InlineData("2026-04-05T01:45:00.5+10:30", "2026-04-04T15:15:00.500Z")]
    [InlineData("2025-12-31T23:59:59Z", "2025-12-31T23:59:59.000Z")]
    public async Task Timestamp_is_answered_and_delivered_in_utc(string given, string expected)
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);

        var posted = await tenant.PostAsync("order.paid", "{}", $$""","timestamp":"{{given}}" """);

        (await tenant.Api.GetAsync($"/api/v1/events/{posted.Id}")).Data().Text("timestamp").ShouldBe(expected);
        (await endpoint.WaitForAsync(1))[0].Json.Text("timestamp").ShouldBe(expected);
    }

    [Fact]
    public async Task Times_of_an_event_its_delivery_and_its_attempt_are_those_of_the_clock()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var subscription = await tenant.SubscribeAsync(endpoint);
        var before = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);

        var posted = await tenant.PostAsync("order.paid");

        var id = await tenant.DeliveryIdAsync(posted.Id, subscription.Id);
        var delivery = await tenant.DeliveryAsync(id, "delivered");
        var stored = (await tenant.Api.GetAsync($"/api/v1/events/{posted.Id}")).Data();
        var after = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);
        foreach (var time in new[]
        {
            stored.Text("created_at"), stored.Text("timestamp"), delivery.Text("created_at"), delivery.Text("finished_at"),
            delivery.Attempts().Single().Text("started_at"),
        })
        {
            time.ShouldEndWith("Z");
            DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ShouldBeInRange(before, after);
        }
    }

    [Theory]
    [InlineData(-11)]
    [InlineData(0)]
    [InlineData(10.5)]
    [InlineData(14)]
    public async Task Since_and_until_with_an_offset_are_the_instants_that_they_name(double hours)
    {
        var tenant = await shared.NewTenantAsync();
        await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        var posted = await tenant.PostAsync("order.paid");
        var createdAt = DateTimeOffset.Parse(
            (await tenant.Api.GetAsync($"/api/v1/events/{posted.Id}")).Data().Text("created_at"), CultureInfo.InvariantCulture);
        var at = In(createdAt);
        var next = In(createdAt.AddMilliseconds(1));

        foreach (var list in new[] { "events", "deliveries" })
        {
            (await tenant.ListAsync($"/api/v1/{list}?since={at}&until={next}")).Count.ShouldBe(1, list);
            (await tenant.ListAsync($"/api/v1/{list}?since={next}")).ShouldBeEmpty(list);
            (await tenant.ListAsync($"/api/v1/{list}?until={at}")).ShouldBeEmpty(list);
        }

        string In(DateTimeOffset time) => Uri.EscapeDataString(
            time.ToOffset(TimeSpan.FromHours(hours)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
    }
}
