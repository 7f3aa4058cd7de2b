namespace Hookstream.Storage.Sqlite.Tests.Times;

/// <summary>Times are moments: no zone, neither the sender's nor the machine's, changes what is stored or found.</summary>
public sealed class TimeTests : SqliteSuite
{
    private static readonly TimeZoneInfo FarEast =
        TimeZoneInfo.CreateCustomTimeZone("test/far-east", TimeSpan.FromHours(14), "far east", "far east");

    [Theory]
    [InlineData(0)]
    [InlineData(-720)]
    [InlineData(330)]
    [InlineData(840)]
    public async Task Time_of_an_event_reads_back_as_the_same_moment_in_utc(int minutes)
    {
        var tenant = await NewTenantAsync();
        var happened = new DateTimeOffset(2026, 3, 29, 2, 30, 0, 123, TimeSpan.FromMinutes(minutes));

        var appended = await Store.Events.AppendAsync(NewEventOf(tenant) with { Timestamp = happened }, Cancellation);

        var found = (await Store.Events.FindAsync(tenant, appended.Id, Cancellation)).ShouldNotBeNull();
        found.Timestamp.ShouldBe(happened);
        found.Timestamp.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Machine_in_another_zone_stores_and_claims_the_same()
    {
        Time.SetLocalTimeZone(FarEast);
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        delivery.CreatedAt.ShouldBe(Now);
        delivery.CreatedAt.Offset.ShouldBe(TimeSpan.Zero);
        Data.Count("select created_at from deliveries").ShouldBe(Now.ToUnixTimeMilliseconds());
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(30)));

        Time.SetLocalTimeZone(TimeZoneInfo.Utc);
        await Store.ReopenAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Bounds_of_a_list_are_moments_whatever_their_zone()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendAsync(tenant);
        Time.Advance(TimeSpan.FromHours(1));
        var since = Now;
        var wanted = await AppendAsync(tenant);
        Time.Advance(TimeSpan.FromHours(1));
        var until = Now;
        await AppendAsync(tenant);

        foreach (var hours in new[] { -12, 0, 5, 14 })
        {
            var from = since.ToOffset(TimeSpan.FromHours(hours));
            var to = until.ToOffset(TimeSpan.FromHours(-hours / 2));
            (await EventsAsync(new EventQuery(Since: from, Until: to))).ShouldBe([wanted.Id]);
            (await DeliveriesAsync(new DeliveryQuery(Since: from, Until: to))).ShouldBe([wanted.Id]);
        }
    }

    [Fact]
    public async Task Bounds_at_the_ends_of_time_take_in_everything_or_nothing()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant);

        (await EventsAsync(new EventQuery(Since: DateTimeOffset.MinValue, Until: DateTimeOffset.MaxValue))).ShouldBe([appended.Id]);
        (await EventsAsync(new EventQuery(Since: DateTimeOffset.MaxValue))).ShouldBeEmpty();
        (await EventsAsync(new EventQuery(Until: DateTimeOffset.MinValue))).ShouldBeEmpty();
        (await DeliveriesAsync(new DeliveryQuery(Since: DateTimeOffset.UnixEpoch))).ShouldBe([appended.Id]);
        (await DeliveriesAsync(new DeliveryQuery(Until: DateTimeOffset.UnixEpoch))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1969)]
    [InlineData(9999)]
    public async Task Time_of_an_event_may_lie_far_away(int year)
    {
        var tenant = await NewTenantAsync();
        var happened = new DateTimeOffset(year, 12, 31, 23, 59, 59, 999, TimeSpan.Zero);

        var appended = await Store.Events.AppendAsync(NewEventOf(tenant) with { Timestamp = happened }, Cancellation);

        (await Store.Events.FindAsync(tenant, appended.Id, Cancellation)).ShouldNotBeNull().Timestamp.ShouldBe(happened);
    }

    private async Task<IEnumerable<EventId>> EventsAsync(EventQuery query) =>
        (await Store.Events.ListAsync(Tenant(), query, new(10, null), Cancellation)).Items.Select(found => found.Id);

    private async Task<IEnumerable<EventId>> DeliveriesAsync(DeliveryQuery query) =>
        (await Store.Deliveries.ListAsync(Tenant(), query, new(10, null), Cancellation)).Items.Select(found => found.Event);

    private TenantId Tenant() =>
        new(new Guid(Convert.FromHexString(Data.Read("select hex(id) from tenants limit 1")[0]), bigEndian: true));
}
