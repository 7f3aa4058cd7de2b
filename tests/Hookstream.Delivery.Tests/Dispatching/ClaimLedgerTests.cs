using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class ClaimLedgerTests
{
    private readonly FakeTimeProvider _time = new(Sample.Now);

    [Fact]
    public void Endpoints_that_hang_leave_slots_for_others()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var hanging = Enumerable.Range(0, 20).Select(_ => SubscriberId.New(Sample.Now)).ToArray();
        for (var i = 0; i < 100; i++)
            ClaimAll(ledger, hanging);
        var request = ledger.Prepare();
        request.ShouldNotBeNull();
        request.Slots.ShouldBeGreaterThan(1);
        request.SlotsPerEndpoint.ShouldBeGreaterThan(1);
        hanging.ShouldAllBe(id => request.FreeSlots[id] == 0);
    }

    [Fact]
    public void Endpoint_whose_sends_run_long_falls_to_a_few_slots_and_recovers()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var id = SubscriberId.New(Sample.Now);
        var claims = ClaimAll(ledger, [id]);
        claims.Count.ShouldBe(32);
        _time.Advance(TimeSpan.FromSeconds(30));
        claims.ForEach(ledger.Close);
        ledger.Prepare()!.FreeSlots[id].ShouldBe(4);

        for (var i = 0; i < 50; i++)
        {
            var quick = ClaimAll(ledger, [id]);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            quick.ForEach(ledger.Close);
        }

        ClaimAll(ledger, [id]).Count.ShouldBe(32);
    }

    [Fact]
    public void Long_sends_under_way_are_noticed_before_they_end()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var id = SubscriberId.New(Sample.Now);
        var first = ledger.Prepare()!;
        ledger.Add([.. Enumerable.Range(0, 6).Select(_ => LeaseOf(id))], _time.GetTimestamp());
        first.SlotsPerEndpoint.ShouldBe(32);
        ledger.Prepare()!.FreeSlots[id].ShouldBe(26);
        _time.Advance(TimeSpan.FromSeconds(20));
        ledger.Prepare()!.FreeSlots[id].ShouldBe(0);
    }

    [Fact]
    public void Claiming_stops_while_too_much_is_unsettled()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { Concurrency = 4 }, _time);
        var unsettled = new List<Claim>();
        while (ledger.Prepare() is { } request)
        {
            var claims = ledger.Add(
                [.. Enumerable.Range(0, request.Slots).Select(_ => LeaseOf(SubscriberId.New(Sample.Now)))], 0);
            foreach (var claim in claims)
                ledger.EndSend(claim);
            unsettled.AddRange(claims);
        }

        unsettled.Count.ShouldBe(8);
        ledger.Close(unsettled[0]);
        ledger.Prepare()!.Slots.ShouldBe(1);
    }

    [Fact]
    public void Slow_endpoint_is_forgotten_after_a_while()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var id = SubscriberId.New(Sample.Now);
        var claims = ClaimAll(ledger, [id]);
        _time.Advance(TimeSpan.FromSeconds(30));
        claims.ForEach(ledger.Close);
        _time.Advance(TimeSpan.FromMinutes(2));
        ledger.Prepare()!.FreeSlots.ShouldBeEmpty();
    }

    private static List<Claim> ClaimAll(ClaimLedger ledger, SubscriberId[] endpoints)
    {
        var all = new List<Claim>();
        while (ledger.Prepare() is { } request)
        {
            var leases = new List<Lease>();
            for (var turn = 0; turn < request.SlotsPerEndpoint; turn++)
            {
                foreach (var id in endpoints)
                {
                    var free = request.FreeSlots.GetValueOrDefault(id, request.SlotsPerEndpoint);
                    if (turn < free && leases.Count < request.Slots)
                        leases.Add(LeaseOf(id));
                }
            }

            if (leases.Count == 0)
                break;
            all.AddRange(ledger.Add(leases, 0));
        }

        return all;
    }

    private static Lease LeaseOf(SubscriberId subscriber) =>
        new(DeliveryId.New(Sample.Now), TenantId.New(Sample.Now), subscriber, 1, 0);
}
