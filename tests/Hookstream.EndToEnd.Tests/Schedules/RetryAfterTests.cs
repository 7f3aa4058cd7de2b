using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Schedules;

/// <summary><c>Retry-After</c> blocks the whole endpoint and can only lengthen a wait.</summary>
public class RetryAfterTests(SharedServer shared)
{
    // The header counts in whole seconds, a date besides cuts them off.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(2.9);

    private const int MostPassing = 5;

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Retry_after_in_seconds_holds_the_retry_and_other_events_of_the_endpoint(int statusCode)
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(statusCode, ("Retry-After", "3")), Reply.Ok);
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var first = (await endpoint.WaitForAsync(1))[0];
        await tenant.DeliveryAsync(first.DeliveryId, delivery => delivery.Number("attempt_count") > 0, "to have failed");

        // Redis is told when the store has it: an event of that moment may pass, and no more after it.
        ReceivedRequest another;
        var passed = 0;
        do
        {
            var posted = await tenant.PostAsync("order.paid");
            another = (await endpoint.WaitForAsync(requests => requests.Any(request => request.EventId == posted.Id), "another event"))
                .Single(request => request.EventId == posted.Id);
        }
        while (another.At - first.At <= AtLeast && ++passed < MostPassing);

        another.At.ShouldBeGreaterThan(first.At + AtLeast, $"{passed} other events were not held");
        var retry = (await endpoint.WaitForAsync(2 + passed + 1)).Single(request => request.DeliveryId == first.DeliveryId && request.Attempt == 2);
        retry.At.ShouldBeGreaterThan(first.At + AtLeast);
        var delivered = await tenant.DeliveryAsync(first.DeliveryId, "delivered");
        delivered.Number("attempt_count").ShouldBe(2);
    }

    [Fact]
    public async Task Retry_after_as_a_date_holds_the_retry()
    {
        var tenant = await shared.NewTenantAsync();
        var until = TimeProvider.System.GetUtcNow().AddSeconds(4);
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(503, ("Retry-After", until.ToString("R"))), Reply.Ok);
        // Where the machine is so busy that the date has passed by the first answer, there is nothing to hold.
        await tenant.SubscribeAsync(endpoint, "*", new { retry_schedule = new[] { "0s", "1s" } });

        await tenant.PostAsync("order.paid");

        var requests = await endpoint.WaitForAsync(2);
        requests[1].At.ShouldBeGreaterThan(until.AddSeconds(-1.1));
    }

    [Fact]
    public async Task Retry_after_shorter_than_the_schedule_does_not_hurry()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(503, ("Retry-After", "1")), Reply.Ok);
        await tenant.SubscribeAsync(endpoint, "*", new { retry_schedule = new[] { "0s", "3s" } });

        await tenant.PostAsync("order.paid");

        var requests = await endpoint.WaitForAsync(2);
        (requests[1].At - requests[0].At).ShouldBeGreaterThan(AtLeast);
    }

    [Fact]
    public async Task Retry_after_with_another_status_is_not_looked_at()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500, ("Retry-After", "3600")), Reply.Ok);
        await tenant.SubscribeAsync(endpoint);

        await tenant.PostAsync("order.paid");

        await endpoint.WaitForAsync(2);
    }
}
