using System.Globalization;
using System.Text;
using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Queueing;

/// <summary>
/// What a queue apart from the store hands out, loaded: its picture may be old or wrong, and it is told what the store has, so
/// that it does not hand out the same again.
/// </summary>
public sealed class LoadTests : MirroredSuite
{
    [Fact]
    public async Task What_waits_is_loaded_with_its_event_and_its_endpoint()
    {
        var first = await LeaseAsync();
        var second = await LeaseAsync();

        var works = await LoadAsync(second, first);

        works.Select(work => (work.Lease, work.Endpoint.Id)).ShouldBe([(second, second.Subscriber), (first, first.Subscriber)]);
        works.Select(work => Encoding.UTF8.GetString(work.Payload.Span)).ShouldBe(["""{"amount":42}""", """{"amount":42}"""]);
        Told().ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Event_of_a_day_before_its_delivery_is_found_beside_one_of_its_own()
    {
        var old = (await LeaseAsync()).Delivery;
        Time.Advance(TimeSpan.FromDays(2));
        var recovered = await LeaseAsync();
        var plain = await LeaseAsync();
        await Postgres.Database.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            update unfinished set event = (select event from unfinished where id = '{old.Value}') where id = '{recovered.Delivery.Value}'
            """));

        var works = await LoadAsync(recovered, plain);

        works.Select(work => work.Lease).ShouldBe([plain, recovered]);
        works[1].EventTimestamp.ShouldBe(works[0].EventTimestamp - TimeSpan.FromDays(2), TimeSpan.FromSeconds(1));
        Told().ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Delivery_whose_event_is_gone_is_taken_out_of_the_queue()
    {
        var lease = await LeaseAsync();
        await Postgres.Database.ExecuteAsync("delete from events");

        (await LoadAsync(lease)).ShouldBeEmpty();

        Queue.Removed.ShouldBe([lease.Delivery]);
    }

    [Fact]
    public async Task Delivery_that_is_not_there_is_taken_out_of_the_queue_whatever_its_id()
    {
        var known = await LeaseAsync();
        var never = known with { Delivery = DeliveryId.New(Now) };
        var beyond = known with { Delivery = new DeliveryId(new Guid("ffffffff-ffff-7fff-bfff-ffffffffffff")) };

        (await LoadAsync(never)).ShouldBeEmpty();
        (await LoadAsync(beyond)).ShouldBeEmpty();

        Queue.Removed.ShouldBe([never.Delivery, beyond.Delivery]);
        Queue.Enqueued.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delivery_that_the_queue_has_at_another_endpoint_is_entered_again_at_its_own()
    {
        var other = await LeaseAsync();
        var lease = await LeaseAsync();

        var works = await LoadAsync(lease with { Subscriber = other.Subscriber, Tenant = other.Tenant }, other);

        works.ShouldHaveSingleItem().Lease.ShouldBe(other);
        ShouldBeEnteredAgain(lease);
    }

    [Fact]
    public async Task Delivery_that_the_queue_has_at_no_known_endpoint_is_entered_again_at_its_own()
    {
        var lease = await LeaseAsync();

        (await LoadAsync(lease with { Subscriber = SubscriberId.New(Now) })).ShouldBeEmpty();

        ShouldBeEnteredAgain(lease);
    }

    [Fact]
    public async Task Delivery_that_the_queue_has_at_another_tenant_is_entered_again_at_its_own()
    {
        var lease = await LeaseAsync();

        (await LoadAsync(lease with { Tenant = await NewTenantAsync("other") })).ShouldBeEmpty();

        ShouldBeEnteredAgain(lease);
    }

    [Fact]
    public async Task Delivery_that_has_moved_on_is_told_as_it_is()
    {
        var lease = await LeaseAsync();

        (await LoadAsync(lease with { Version = 7 })).ShouldBeEmpty();

        Queue.Removed.ShouldBeEmpty();
        Queue.Enqueued.ShouldHaveSingleItem().ShouldBe(
            new QueuedDelivery(lease.Delivery, lease.Tenant, lease.Subscriber, Class: 1, Now, Version: 0));
    }

    [Fact]
    public async Task Delivery_of_a_paused_endpoint_is_not_loaded_and_the_queue_is_told_of_the_pause()
    {
        var lease = await LeaseAsync();
        var open = await LeaseAsync();
        await Store.Subscribers.SetPausedAsync(lease.Tenant, lease.Subscriber, paused: true, Cancellation);

        (await LoadAsync(lease, open)).ShouldHaveSingleItem().Lease.ShouldBe(open);

        var hold = Queue.Holds.ShouldHaveSingleItem();
        hold.Subscriber.ShouldBe(lease.Subscriber);
        hold.Shut.ShouldBeTrue();
        Queue.Removed.ShouldBeEmpty();
    }

    private void ShouldBeEnteredAgain(Lease lease)
    {
        Queue.Removed.ShouldBe([lease.Delivery]);
        Queue.Enqueued.ShouldHaveSingleItem().ShouldBe(
            new QueuedDelivery(lease.Delivery, lease.Tenant, lease.Subscriber, Class: 1, Now, Version: 0));
    }

    private (int Removed, int Enqueued, int Held) Told() => (Queue.Removed.Count, Queue.Enqueued.Count, Queue.Holds.Count);

    private async Task<IReadOnlyList<DeliveryWork>> LoadAsync(params Lease[] leases)
    {
        Queue.Enqueued.Clear();
        Queue.Holds.Clear();
        return await Store.Deliveries.LoadAsync(leases, Cancellation);
    }
}
