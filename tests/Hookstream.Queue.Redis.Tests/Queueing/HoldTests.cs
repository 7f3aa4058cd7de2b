namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class HoldTests(SharedRedis redis) : QueueTests(redis)
{
    [Fact]
    public async Task Shut_endpoint_is_claimed_nothing_until_it_opens()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Deliveries(5, Now));
        await Queue.HoldAsync([endpoint.Hold(shut: true)], Cancellation);
        await EnqueueAsync(endpoint.Deliveries(5, Now, laneClass: 0));

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync()).ShouldBeEmpty();

        await Queue.HoldAsync([endpoint.Hold(version: 2)], Cancellation);
        (await ClaimAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Older_hold_changes_nothing()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Delivery(Now));
        await Queue.HoldAsync([endpoint.Hold(shut: true, version: 2)], Cancellation);

        await Queue.HoldAsync([endpoint.Hold(version: 1)], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Blocked_endpoint_is_claimed_nothing_until_the_wait_is_over()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Delivery(Now));
        await Queue.HoldAsync([endpoint.Hold(blockedUntil: Now.AddSeconds(60))], Cancellation);
        await Queue.HoldAsync([endpoint.Hold(blockedUntil: Now.AddSeconds(10))], Cancellation);
        await EnqueueAsync(endpoint.Delivery(Now));

        Time.Advance(TimeSpan.FromMilliseconds(59_999));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_hold_no_claim_of_another_process_takes_anything()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Deliveries(500, Now));
        await using var other = await OpenAsync();
        var request = new ClaimRequest(10, 10, new Dictionary<SubscriberId, int>(), LeaseDuration);
        var shut = false;
        var late = 0;
        var claiming = Task.Run(
            async () =>
            {
                for (var after = 0; after < 5;)
                {
                    var before = Volatile.Read(ref shut);
                    var leases = await other.ClaimAsync(request, Cancellation);
                    await other.ReleaseAsync(leases, Cancellation);
                    late += before ? leases.Count : 0;
                    after += before ? 1 : 0;
                }
            },
            Cancellation);

        await Queue.HoldAsync([endpoint.Hold(shut: true)], Cancellation);
        Volatile.Write(ref shut, true);
        await claiming;

        late.ShouldBe(0);
        (await other.ClaimAsync(request, Cancellation)).ShouldBeEmpty();
    }
}
