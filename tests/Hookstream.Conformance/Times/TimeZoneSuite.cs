namespace Hookstream.Conformance.Times;

/// <summary>
/// Times are instants and waits are durations, whatever zone a client writes them in, and whatever zone the servers behind a
/// back end think they are in. A back end with a server runs this suite with that server's zone at <see cref="Zone"/>.
/// </summary>
public abstract class TimeZoneSuite : StoreSuite
{
    /// <summary>A zone whose clocks go forward and back.</summary>
    protected const string Zone = "America/New_York";

    // The day before the clocks go forward at 07:00 on 8 March, and the one before they go back at 06:00 on 1 November.
    private static readonly DateTimeOffset Spring = new(2026, 3, 7, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Autumn = new(2026, 10, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public static TheoryData<bool> Changes => [true, false];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Retry_after_a_day_is_due_after_24_hours_though_the_clocks_change(bool forward)
    {
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), OneDay));

        (await ReadAsync(tenant, delivery.Id)).Delivery.NextAttemptAt.ShouldBe(Now + OneDay);
        Time.Advance(OneDay - Moment);
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(Moment);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task First_attempt_after_a_day_is_due_after_24_hours_though_the_clocks_change(bool forward)
    {
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        RetrySchedule.TryCreate([OneDay], out var schedule).ShouldBeTrue();
        var (_, delivery) = await DeliverableAsync(tenant, SettingsOf("*") with { RetrySchedule = schedule });

        delivery.NextAttemptAt.ShouldBe(Now + OneDay);
        Time.Advance(OneDay - Moment);
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(Moment);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Block_of_a_day_lasts_24_hours_though_the_clocks_change(bool forward)
    {
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1)) with { BlockEndpointFor = OneDay });

        Time.Advance(OneDay - Moment);
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(Moment);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Lease_lasts_as_long_as_it_was_given_for_though_the_clocks_change(bool forward)
    {
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = (await ClaimAsync(lease: OneDay)).ShouldHaveSingleItem();
        await Store.Queue.RenewAsync([lease], OneDay, Cancellation);

        Time.Advance(OneDay - Moment);
        (await ClaimAsync()).ShouldBeEmpty();
        // Whoever looks for leases that have run out does so once a second.
        Time.Advance(TimeSpan.FromSeconds(2));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Idempotency_key_lasts_24_hours_though_the_clocks_change(bool forward)
    {
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        var first = await AppendAsync(tenant, key: "k");

        Time.Advance(OneDay - TimeSpan.FromSeconds(1));
        (await Store.Events.AppendAsync(NewEventOf(tenant, key: "k"), Cancellation)).Id.ShouldBe(first.Id);
        Time.Advance(TimeSpan.FromSeconds(2));
        (await AppendAsync(tenant, key: "k")).Id.ShouldNotBe(first.Id);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Retention_counts_days_of_24_hours_though_the_clocks_change(bool forward)
    {
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        var old = await AppendAsync(tenant);
        // An event that nobody wanted is kept for the retention and the rest of its day.
        Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(30));
        await RemoveExpiredAsync();
        (await Store.Events.FindAsync(tenant, old.Id, Cancellation)).ShouldNotBeNull();

        Time.Advance(TimeSpan.FromDays(1));
        await RemoveExpiredAsync();
        (await Store.Events.FindAsync(tenant, old.Id, Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData(2026, 3, 8, 3, 30, -4)]
    [InlineData(2026, 3, 8, 2, 30, -5)]
    [InlineData(2026, 11, 1, 1, 30, -4)]
    [InlineData(2026, 11, 1, 1, 30, -5)]
    [InlineData(2026, 1, 1, 0, 0, 14)]
    [InlineData(2026, 12, 31, 23, 59, -12)]
    public async Task Timestamp_of_an_event_comes_back_as_its_instant_in_utc(
        int year, int month, int day, int hour, int minute, int offset)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var happened = new DateTimeOffset(year, month, day, hour, minute, 0, 123, TimeSpan.FromHours(offset));

        var appended = await Store.Events.AppendAsync(NewEventOf(tenant) with { Timestamp = happened }, Cancellation);
        await Store.ReopenAsync();

        var found = (await Store.Events.FindAsync(tenant, appended.Id, Cancellation)).ShouldNotBeNull();
        found.Timestamp.EqualsExact(happened.ToUniversalTime()).ShouldBeTrue($"it is {found.Timestamp:O}");
        found.CreatedAt.Offset.ShouldBe(TimeSpan.Zero);
        var work = await LoadOneAsync(await ClaimOneAsync());
        work.EventTimestamp.EqualsExact(happened.ToUniversalTime()).ShouldBeTrue($"it is {work.EventTimestamp:O}");
        work.WaitingSince.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Since_and_until_are_instants_in_whatever_offset_they_are_written(bool forward)
    {
        // Half an hour apart around the change, so that local hours are left out, or come twice; the days change in between.
        await BeginAsync(forward);
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var made = new List<(DateTimeOffset At, EventId Id)>();
        for (var i = 0; i < 52; i++)
        {
            made.Add((Now, (await AppendAsync(tenant)).Id));
            Time.Advance(TimeSpan.FromMinutes(30));
        }

        foreach (var offset in new[] { -12.0, -5, -4, 0, 5.75, 14 })
        {
            foreach (var (from, to) in new[] { (10, 50), (36, 41), (37, 38), (23, 25), (0, 1) })
            {
                var since = made[from].At.ToOffset(TimeSpan.FromHours(offset));
                var until = made[to].At.ToOffset(TimeSpan.FromHours(offset));
                var expected = made[from..to].Select(one => one.Id).Reverse().ToList();
                var page = new PageRequest(100, null);

                (await Store.Events.ListAsync(tenant, new EventQuery(Since: since, Until: until), page, Cancellation))
                    .Items.Select(item => item.Id).ShouldBe(expected);
                (await Store.Deliveries.ListAsync(tenant, new DeliveryQuery(Since: since, Until: until), page, Cancellation))
                    .Items.Select(delivery => delivery.Event).ShouldBe(expected);
            }
        }
    }

    [Fact]
    public async Task Key_expires_at_its_instant_in_whatever_offset_it_is_written()
    {
        await BeginAsync(forward: true);
        var tenant = await NewTenantAsync();
        var expiry = (Now + OneDay).ToOffset(TimeSpan.FromHours(9));
        var (key, record) = NewApiKey.Generate("short", KeyScopes.All, expiry);

        var stored = (await Store.Tenants.CreateKeyAsync(tenant, record, Cancellation)).ShouldNotBeNull();

        stored.ExpiresAt.ShouldNotBeNull().EqualsExact(expiry.ToUniversalTime()).ShouldBeTrue();
        await Store.ReopenAsync();
        Time.Advance(OneDay - TimeSpan.FromSeconds(1));
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldNotBeNull();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await Store.Tenants.AuthenticateAsync(KeyHash.Of(key), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Bulk_replay_takes_its_bounds_as_instants()
    {
        await BeginAsync(forward: true);
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        for (var i = 0; i < 4; i++)
        {
            await AppendAsync(tenant);
            Time.Advance(TimeSpan.FromHours(6));
        }

        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        var bounds = new DeliveryQuery(
            DeliveryStatus.DeadLetter,
            Since: (Spring + TimeSpan.FromHours(6)).ToOffset(TimeSpan.FromHours(-5)),
            Until: (Spring + TimeSpan.FromHours(18)).ToOffset(TimeSpan.FromHours(8)));

        (await Store.Deliveries.ReplayAllAsync(tenant, bounds, dryRun: false, Cancellation)).ShouldBe(2);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).Count.ShouldBe(2);
    }

    private async Task BeginAsync(bool forward)
    {
        Time.Advance((forward ? Spring : Autumn) - Now);
        // What a process remembers from before the leap, it would have renewed long since.
        await Store.ReopenAsync();
    }

    private async Task RemoveExpiredAsync()
    {
        while (await Store.Maintenance.RemoveExpiredAsync(TimeSpan.FromDays(7), Cancellation) > 0)
            continue;
    }
}
