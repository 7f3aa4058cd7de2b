namespace Hookstream.Conformance.Events;

/// <summary>An idempotency key names one event for 24 hours.</summary>
public abstract class IdempotencySuite : StoreSuite
{
    [Fact]
    public async Task Same_event_under_the_same_key_is_a_duplicate()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var first = await AppendAsync(tenant, key: "k");
        await SubscribeAsync(tenant);
        Time.Advance(TimeSpan.FromHours(1));

        var second = await Store.Events.AppendAsync(NewEventOf(tenant, key: "k"), Cancellation);

        second.Outcome.ShouldBe(AppendOutcome.Duplicate);
        second.Id.ShouldBe(first.Id);
        second.EnqueuedCount.ShouldBe(1, "a duplicate answers the count of the first time");
        (await ClaimAsync()).Count.ShouldBe(1);
        (await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(10, null), Cancellation)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Same_event_with_another_timestamp_is_a_duplicate()
    {
        var tenant = await NewTenantAsync();
        await AppendAsync(tenant, key: "k");

        var second = await Store.Events.AppendAsync(NewEventOf(tenant, key: "k") with { Timestamp = Now }, Cancellation);

        second.Outcome.ShouldBe(AppendOutcome.Duplicate);
    }

    [Theory]
    [InlineData("order.shipped", """{"amount":42}""", EventPriority.Normal)]
    [InlineData("order.paid", """{"amount": 42}""", EventPriority.Normal)]
    [InlineData("order.paid", """{"amount":43}""", EventPriority.Normal)]
    [InlineData("order.paid", """{"amount":42}""", EventPriority.High)]
    public async Task Another_event_under_the_same_key_conflicts(string type, string payload, EventPriority priority)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var first = await AppendAsync(tenant, key: "k");

        var second = await Store.Events.AppendAsync(NewEventOf(tenant, type, payload, priority, "k"), Cancellation);

        second.Outcome.ShouldBe(AppendOutcome.Conflict);
        second.Id.ShouldBe(first.Id);
        (await ClaimAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Parts_of_an_event_do_not_run_into_each_other_when_compared()
    {
        var tenant = await NewTenantAsync();
        await Store.Events.AppendAsync(NewEventOf(tenant, "a.b", "1{}", key: "k"), Cancellation);

        var second = await Store.Events.AppendAsync(NewEventOf(tenant, "a.b1", "{}", key: "k"), Cancellation);

        second.Outcome.ShouldBe(AppendOutcome.Conflict);
    }

    [Fact]
    public async Task Keys_differ_by_case_and_are_taken_whole()
    {
        var tenant = await NewTenantAsync();
        var longest = new string('k', 255);

        foreach (var key in new[] { "key", "KEY", "key ", " key", "k'e\"y", longest, longest[1..] })
            await AppendAsync(tenant, key: key);
    }

    [Fact]
    public async Task Events_without_a_key_are_never_duplicates()
    {
        var tenant = await NewTenantAsync();
        var first = await AppendAsync(tenant);

        (await AppendAsync(tenant)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Same_key_of_another_tenant_is_another_key()
    {
        var one = await NewTenantAsync("one");
        var two = await NewTenantAsync("two");
        var first = await AppendAsync(one, key: "k");

        var second = await AppendAsync(two, key: "k");

        second.Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Key_expires_after_24_hours_by_the_clock_of_the_store()
    {
        var tenant = await NewTenantAsync();
        var first = await AppendAsync(tenant, key: "k");

        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await Store.Events.AppendAsync(NewEventOf(tenant, key: "k"), Cancellation)).Outcome.ShouldBe(AppendOutcome.Duplicate);

        Time.Advance(TimeSpan.FromSeconds(2));
        var second = await Store.Events.AppendAsync(NewEventOf(tenant, "other.type", key: "k"), Cancellation);
        second.Outcome.ShouldBe(AppendOutcome.Accepted);
        second.Id.ShouldNotBe(first.Id);
        var third = await Store.Events.AppendAsync(NewEventOf(tenant, "other.type", key: "k"), Cancellation);
        third.Outcome.ShouldBe(AppendOutcome.Duplicate);
        third.Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Key_outlives_a_restart()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var first = await AppendAsync(tenant, key: "k");

        await Store.ReopenAsync();

        var second = await Store.Events.AppendAsync(NewEventOf(tenant, key: "k"), Cancellation);
        second.ShouldBe(new AppendResult(AppendOutcome.Duplicate, first.Id, 1));
    }

    [Fact]
    public async Task Same_key_twice_in_a_batch_is_accepted_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);

        var results = await Store.Events.AppendAsync(
            [NewEventOf(tenant, key: "k"), NewEventOf(tenant, key: "k"), NewEventOf(tenant, "other.type", key: "k")], Cancellation);

        results.Select(result => result.Outcome)
            .ShouldBe([AppendOutcome.Accepted, AppendOutcome.Duplicate, AppendOutcome.Conflict]);
        results.ShouldAllBe(result => result.Id == results[0].Id);
        results[1].EnqueuedCount.ShouldBe(1);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Concurrent_duplicates_are_accepted_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);

        var results = await Task.WhenAll(Enumerable.Range(0, 64)
            .Select(_ => Task.Run(() => Store.Events.AppendAsync(NewEventOf(tenant, key: "k"), Cancellation).AsTask())));

        results.Count(result => result.Outcome == AppendOutcome.Accepted).ShouldBe(1);
        results.Count(result => result.Outcome == AppendOutcome.Duplicate).ShouldBe(63);
        results.Select(result => result.Id).Distinct().ShouldHaveSingleItem();
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Concurrent_batches_with_the_same_keys_in_opposite_orders_accept_each_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var keys = Enumerable.Range(0, 100).Select(i => $"key-{i}").ToArray();

        for (var round = 0; round < 5; round++)
        {
            var suffix = $"-{round}";
            var forwards = Task.Run(() => AppendInOrderAsync(keys.Select(key => key + suffix)));
            var backwards = Task.Run(() => AppendInOrderAsync(keys.Reverse().Select(key => key + suffix)));
            var results = (await Task.WhenAll(forwards, backwards)).SelectMany(batch => batch).ToLookup(pair => pair.Key);

            foreach (var byKey in results)
            {
                byKey.Select(pair => pair.Result.Outcome)
                    .ShouldBe([AppendOutcome.Accepted, AppendOutcome.Duplicate], ignoreOrder: true);
                byKey.Select(pair => pair.Result.Id).Distinct().ShouldHaveSingleItem();
            }
        }

        (await ClaimAsync(slots: 1000, perEndpoint: 1000)).Count.ShouldBe(500);

        async Task<IEnumerable<(string Key, AppendResult Result)>> AppendInOrderAsync(IEnumerable<string> ordered)
        {
            var inOrder = ordered.ToArray();
            var results = await Store.Events.AppendAsync([.. inOrder.Select(key => NewEventOf(tenant, key: key))], Cancellation);
            return inOrder.Zip(results);
        }
    }
}
