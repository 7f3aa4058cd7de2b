namespace Hookstream.Conformance.Deliveries;

/// <summary>A worker with nothing to do waits until there may be something, and never longer than a second.</summary>
public abstract class QueueWaitSuite : StoreSuite
{
    [Fact]
    public async Task Wait_ends_when_an_event_is_appended()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var wait = await BeginWaitAsync();

        await AppendAsync(tenant);

        await EndsAsync(wait);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wait_after_an_append_that_the_last_claim_did_not_see_ends_at_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await BeginWaitAsync();
        await AppendAsync(tenant);

        await EndsAsync(Store.Queue.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Wait_ends_when_a_retry_becomes_due()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromMilliseconds(400)));
        var wait = await BeginWaitAsync();

        Time.Advance(TimeSpan.FromMilliseconds(400));

        await EndsAsync(wait);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wait_ends_when_an_endpoint_is_resumed()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        var wait = await BeginWaitAsync();

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);

        await EndsAsync(wait);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wait_ends_when_an_endpoint_is_verified()
    {
        var tenant = await NewTenantAsync();
        var settings = SettingsOf("*") with { Verification = VerificationMode.Required };
        var (subscriber, _) = await DeliverableAsync(tenant, settings);
        var wait = await BeginWaitAsync();

        await Store.Subscribers.RecordChallengeAsync(tenant, subscriber.Id, settings.Url, true, 0, null, Cancellation);

        await EndsAsync(wait);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wait_ends_when_a_delivery_is_replayed()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        await SettleAsync(DeadLetterOf(lease));
        var wait = await BeginWaitAsync();

        await Store.Deliveries.ReplayAsync(tenant, lease.Delivery, Cancellation);

        await EndsAsync(wait);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wait_ends_when_a_lease_is_released()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        var wait = await BeginWaitAsync();

        await Store.Queue.ReleaseAsync([lease], Cancellation);

        await EndsAsync(wait);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wait_without_anything_new_ends_after_a_second()
    {
        var wait = await BeginWaitAsync();

        Time.Advance(TimeSpan.FromSeconds(1));

        await EndsAsync(wait);
    }

    [Fact]
    public async Task Wait_of_several_all_end_when_an_event_is_appended()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await BeginWaitAsync();
        var waits = Enumerable.Range(0, 4).Select(_ => Store.Queue.WaitAsync(Cancellation)).ToArray();

        await AppendAsync(tenant);
        Time.Advance(TimeSpan.FromSeconds(1));

        await EndsAsync(Task.WhenAll(waits));
    }

    [Fact]
    public async Task Wait_that_is_cancelled_ends_cancelled()
    {
        await BeginWaitAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var wait = Store.Queue.WaitAsync(stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait.WaitAsync(Patience, Cancellation));
    }

    private static async Task EndsAsync(Task wait) => await wait.WaitAsync(Patience, Cancellation);
}
