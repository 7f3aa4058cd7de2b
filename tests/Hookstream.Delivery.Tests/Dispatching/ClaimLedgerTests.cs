using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class ClaimLedgerTests
{
    private readonly FakeTimeProvider _time = new(Sample.Now);

    [Fact]
    public void Endpoints_that_hang_leave_most_slots_to_others()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var hanging = Enumerable.Range(0, 20).Select(_ => SubscriberId.New(Sample.Now)).ToArray();
        for (var i = 0; i < 100; i++)
            ClaimAll(ledger, hanging);

        ledger.InFlight.ShouldBe(20 * EndpointLane.Few);
        var request = ledger.Prepare();
        request.ShouldNotBeNull();
        request.Slots.ShouldBe((256 - 80) / 2);
        hanging.ShouldAllBe(id => request.FreeSlots[id] == 0);
    }

    [Fact]
    public void Endpoint_earns_its_slots_by_answering_and_loses_them_by_failing()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 0 }, _time);
        var id = SubscriberId.New(Sample.Now);
        var slots = new List<int>();
        for (var round = 0; round < 5; round++)
        {
            var claims = ClaimAll(ledger, [id]);
            slots.Add(claims.Count);
            claims.ForEach(claim => Send(ledger, claim));
        }

        slots.ShouldBe([4, 8, 16, 32, 32]);
        var failed = ClaimAll(ledger, [id]).Take(4).ToList();
        failed.ForEach(claim => Send(ledger, claim, succeeds: false));
        ClaimAll(ledger, [id]).ShouldBeEmpty();
    }

    [Fact]
    public void Last_quarter_of_the_slots_is_for_endpoints_that_answer()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 0 }, _time);
        var answering = SubscriberId.New(Sample.Now);
        Warm(ledger, answering);
        ledger.Prepare()!.SlotsPerEndpoint.ShouldBe(EndpointLane.Few);
        _time.Advance(TimeSpan.FromSeconds(50));
        Hang(192);
        ledger.Prepare()!.SlotsPerEndpoint.ShouldBe(1);
        Hang(32);

        var request = ledger.Prepare()!;

        request.SlotsPerEndpoint.ShouldBe(0);
        request.FreeSlots.Where(free => free.Value > 0).ShouldBe([new(answering, 16)]);

        void Hang(int count)
        {
            for (var i = 0; i < count; i++)
                ledger.Add([LeaseOf(SubscriberId.New(Sample.Now))], _time.GetTimestamp());
        }
    }

    [Fact]
    public void Tenant_takes_at_most_three_quarters_of_the_slots_while_others_send()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var tenant = TenantId.New(Sample.Now);
        var other = TenantId.New(Sample.Now);
        for (var i = 0; i < 192; i++)
            ledger.Add([LeaseOf(SubscriberId.New(Sample.Now)) with { Tenant = tenant }], _time.GetTimestamp());
        ledger.Prepare()!.FullTenants.ShouldBeEmpty();

        ledger.Add([LeaseOf(SubscriberId.New(Sample.Now)) with { Tenant = other }], _time.GetTimestamp());

        var request = ledger.Prepare()!;
        request.FullTenants.ShouldBe([tenant]);
        request.FreeSlots.Values.Count(free => free == 0).ShouldBeGreaterThanOrEqualTo(192);
    }

    [Fact]
    public void Retries_never_take_the_last_quarter_of_the_slots()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var retries = new List<Claim>();
        for (var i = 0; i < 200; i++)
            retries.AddRange(TakeRetries(ledger, ledger.Prepare()!));

        retries.Count.ShouldBe(192);
        ledger.InFlight.ShouldBe(192);
        var request = ledger.Prepare()!;
        request.RetrySlots.ShouldBe(0);
        request.Slots.ShouldBe(32);
    }

    [Fact]
    public void Slot_that_a_retry_frees_is_claimed_for_the_next_one()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 0 }, _time);
        // Endpoints that answer, with slots to spare, so that nothing but the share of retries is in the way.
        var ids = Enumerable.Range(0, 7).Select(_ => SubscriberId.New(Sample.Now)).ToArray();
        foreach (var id in ids)
            Warm(ledger, id);
        var claims = ledger.Add([.. Enumerable.Range(0, 192).Select(i => LeaseOf(ids[i % 7]) with { IsRetry = true })], 0);
        var first = ledger.Add([LeaseOf(ids[0])], 0)[0];
        ledger.Prepare()!.RetrySlots.ShouldBe(0);

        Send(ledger, first);
        ledger.TakeFreed().ShouldBeFalse();
        Send(ledger, claims[0]);

        ledger.TakeFreed().ShouldBeTrue();
        ledger.Prepare()!.RetrySlots.ShouldBe(1);
    }

    [Fact]
    public void Claim_that_took_all_retries_it_could_is_followed_by_another_only_when_one_has_a_slot()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var full = Enumerable.Range(0, 38).Select(_ => SubscriberId.New(Sample.Now)).ToArray();
        ledger.Add([.. full.SelectMany(id => Enumerable.Repeat(LeaseOf(id) with { IsRetry = true }, EndpointLane.Few))], 0);
        var request = ledger.Prepare()!;
        request.RetrySlots.ShouldBe(40);
        request.Slots.ShouldBe(52);
        var others = Enumerable.Range(0, 10).Select(_ => SubscriberId.New(Sample.Now)).ToArray();

        var claims = ledger.Add(
            request, [.. others.SelectMany(id => Enumerable.Repeat(LeaseOf(id) with { IsRetry = true }, EndpointLane.Few))], 0);

        ledger.Prepare()!.RetrySlots.ShouldBe(0);
        ledger.MayFindMore.ShouldBeFalse();
        Send(ledger, claims[0]);
        ledger.Prepare()!.RetrySlots.ShouldBe(1);
        ledger.MayFindMore.ShouldBeTrue();
    }

    [Fact]
    public void First_attempts_may_take_all_slots()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { Concurrency = 8 }, _time);
        while (ledger.Prepare() is { } request)
            ledger.Add(request, [.. Enumerable.Range(0, request.Slots).Select(_ => LeaseOf(SubscriberId.New(Sample.Now)))], 0);

        ledger.InFlight.ShouldBe(8);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(8, 6)]
    public void Share_of_retries_leaves_a_worker_with_few_slots_at_least_one_for_them(int concurrency, int retries)
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { Concurrency = concurrency }, _time);
        for (var i = 0; i < 20 && ledger.Prepare() is { } request; i++)
            TakeRetries(ledger, request);

        ledger.InFlight.ShouldBe(retries);
    }

    [Fact]
    public void Claim_is_not_made_while_all_that_may_have_more_is_kept_out()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var id = SubscriberId.New(Sample.Now);
        var request = ledger.Prepare()!;
        ledger.MayFindMore.ShouldBeTrue();
        var claims = ledger.Add(request, [.. Enumerable.Range(0, 4).Select(_ => LeaseOf(id))], 0);

        ledger.Prepare();
        ledger.MayFindMore.ShouldBeFalse();
        Send(ledger, claims[0]);
        request = ledger.Prepare()!;
        ledger.MayFindMore.ShouldBeTrue();

        ledger.Add(request, [], 0);
        ledger.Prepare();
        ledger.MayFindMore.ShouldBeFalse();
        ledger.ExpectMore();
        ledger.MayFindMore.ShouldBeTrue();
    }

    [Fact]
    public void Claim_that_took_all_it_could_is_followed_by_another()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var request = ledger.Prepare()!;

        ledger.Add(request, [.. Enumerable.Range(0, request.Slots).Select(_ => LeaseOf(SubscriberId.New(Sample.Now)))], 0);

        ledger.Prepare();
        ledger.MayFindMore.ShouldBeTrue();
    }

    [Fact]
    public void Failures_that_are_recorded_before_their_sends_have_ended_keep_no_slots()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var failed = ClaimAll(ledger, [SubscriberId.New(Sample.Now)]);
        failed.Count.ShouldBeGreaterThan(0);

        foreach (var claim in failed)
        {
            ledger.Close(claim);
            ledger.EndSend(claim, succeeded: false);
        }

        failed.ShouldAllBe(claim => claim.Lane.Held == 0);
    }

    [Fact]
    public void Failures_keep_their_slots_until_they_are_recorded()
    {
        var ledger = new ClaimLedger(WorkerHost.Options, _time);
        var id = SubscriberId.New(Sample.Now);
        var failed = ClaimAll(ledger, [id]);
        failed.ForEach(claim => ledger.EndSend(claim, succeeded: false));

        ledger.InFlight.ShouldBe(0);
        ledger.IsBusy.ShouldBeTrue();
        ClaimAll(ledger, [id]).ShouldBeEmpty();
        ledger.Close(failed[0]);
        ledger.TakeFreed().ShouldBeTrue();

        ClaimAll(ledger, [id]).Count.ShouldBe(1);
    }

    [Fact]
    public void Endpoint_whose_sends_run_long_falls_to_a_few_slots_and_recovers()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 0 }, _time);
        var id = SubscriberId.New(Sample.Now);
        Warm(ledger, id);
        var claims = ClaimAll(ledger, [id]);
        claims.Count.ShouldBe(32);
        _time.Advance(TimeSpan.FromSeconds(30));
        claims.ForEach(claim => Send(ledger, claim));
        ClaimAll(ledger, [id]).Count.ShouldBe(EndpointLane.Few);
        ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 0 }, _time);

        Warm(ledger, id);

        ClaimAll(ledger, [id]).Count.ShouldBe(32);
    }

    [Fact]
    public void Long_sends_under_way_are_noticed_before_they_end()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 0 }, _time);
        var id = SubscriberId.New(Sample.Now);
        Warm(ledger, id);
        ledger.Prepare();
        ledger.Add([.. Enumerable.Range(0, 6).Select(_ => LeaseOf(id))], _time.GetTimestamp());
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
                ledger.EndSend(claim, succeeded: true);
            unsettled.AddRange(claims);
        }

        unsettled.Count.ShouldBe(16);
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

    [Fact]
    public void Quick_endpoint_is_claimed_ahead_of_its_slots_which_pass_from_one_to_the_next()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 2 }, _time);
        var id = SubscriberId.New(Sample.Now);
        Warm(ledger, id);

        var claims = ClaimAll(ledger, [id]);

        claims.Count.ShouldBeGreaterThan(48);
        claims.Where(claim => claim.HoldsSlot).ShouldBe(claims.Take(32));
        ledger.EndSend(claims[0], succeeded: true);
        claims[32].HoldsSlot.ShouldBeTrue();
        claims[32].Waited.ShouldBeTrue();
        claims[0].Waited.ShouldBeFalse();
        claims.Count(claim => claim.HoldsSlot).ShouldBe(32);
        claims.ForEach(ledger.Close);
        ledger.InFlight.ShouldBe(0);
    }

    [Fact]
    public void Quick_endpoints_together_never_send_more_than_the_process_may_and_each_is_served()
    {
        var ledger = new ClaimLedger(
            WorkerHost.Options with { Concurrency = 32, EndpointConcurrency = 16, ClaimAhead = 4 }, _time);
        SubscriberId[] ids = [.. Enumerable.Range(0, 4).Select(_ => SubscriberId.New(Sample.Now))];
        foreach (var id in ids)
            Warm(ledger, id);
        var held = new List<Claim>();
        var sent = ids.ToDictionary(id => id, _ => 0);

        for (var round = 0; round < 100; round++)
        {
            held.AddRange(ClaimAll(ledger, ids));
            held.Count.ShouldBeInRange(32, 64, "the slots, and as many that wait");
            held.Count(claim => claim.HoldsSlot).ShouldBe(32);
            foreach (var claim in held.Where(claim => claim.HoldsSlot).Take(8).ToList())
            {
                held.Remove(claim);
                Send(ledger, claim);
                sent[claim.Lease.Subscriber]++;
            }
        }

        sent.Values.ShouldAllBe(count => count > 100);
    }

    [Fact]
    public void Endpoint_without_a_slot_is_served_when_what_was_given_back_unsent_has_left()
    {
        var ledger = new ClaimLedger(
            WorkerHost.Options with { Concurrency = 8, EndpointConcurrency = 4, ClaimAhead = 7 }, _time);
        SubscriberId paused = SubscriberId.New(Sample.Now), other = SubscriberId.New(Sample.Now);
        var held = ledger.Add([.. Enumerable.Range(0, 12).Select(_ => LeaseOf(paused))], 0);
        foreach (var claim in held.Where(claim => !claim.HoldsSlot))
            ledger.Start(claim);
        var taken = ledger.TakeWaiting(held[0].Lane);
        taken.Count.ShouldBe(8);
        var waiting = ledger.Add([LeaseOf(other)], 0)[0];
        waiting.HoldsSlot.ShouldBeFalse();

        taken.ForEach(ledger.Close);

        waiting.HoldsSlot.ShouldBeTrue();
    }

    [Fact]
    public void What_was_left_alone_for_lack_of_room_is_asked_for_when_there_is_room_again()
    {
        var ledger = new ClaimLedger(
            WorkerHost.Options with { Concurrency = 32, EndpointConcurrency = 16, ClaimAhead = 4 }, _time);
        SubscriberId[] ids = [SubscriberId.New(Sample.Now), SubscriberId.New(Sample.Now)];
        foreach (var id in ids)
            Warm(ledger, id);
        var held = ClaimAll(ledger, [ids[0]]);
        held.AddRange(ClaimAll(ledger, ids));
        ledger.TakeFreed();
        var asked = new List<int>();

        while (asked.Count == 0 && held.Find(claim => claim.HoldsSlot) is { } next)
        {
            held.Remove(next);
            Send(ledger, next);
            if (ledger.TakeFreed() && ledger.Prepare() is { } request)
                asked.AddRange(request.FreeSlots.Values.Where(free => free > 0));
        }

        asked.ShouldNotBeEmpty();
        asked.ShouldAllBe(free => free >= 8);
    }

    [Fact]
    public void What_waits_in_vain_for_a_slot_is_taken_out()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 2 }, _time);
        var id = SubscriberId.New(Sample.Now);
        Warm(ledger, id);
        var claims = ClaimAll(ledger, [id]);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        foreach (var claim in claims.Take(8))
            ledger.Close(claim);

        claims[32].HoldsSlot.ShouldBeTrue();
        var waiting = claims.Skip(32).Where(claim => !claim.HoldsSlot).ToList();
        waiting.ShouldNotBeEmpty();
        // What is on its way from the store is left alone.
        ledger.TakeWaiting(TimeSpan.FromSeconds(1)).ShouldBeEmpty();
        waiting.ForEach(ledger.Start);
        ledger.TakeWaiting(TimeSpan.FromSeconds(2)).ShouldBeEmpty();
        ledger.TakeWaiting(TimeSpan.FromSeconds(1)).ShouldBe(waiting);
        waiting.ForEach(ledger.Close);
        ledger.InFlight.ShouldBe(claims.Count(claim => claim.HoldsSlot));
    }

    [Fact]
    public void Endpoint_that_takes_its_time_is_not_claimed_ahead()
    {
        var ledger = new ClaimLedger(WorkerHost.Options with { ClaimAhead = 2 }, _time);
        var id = SubscriberId.New(Sample.Now);
        for (var i = 0; i < 10; i++)
        {
            var claims = ClaimAll(ledger, [id]);
            claims.ShouldAllBe(claim => claim.HoldsSlot);
            claims.Count.ShouldBeLessThanOrEqualTo(32);
            _time.Advance(TimeSpan.FromMilliseconds(50));
            claims.ForEach(claim => Send(ledger, claim));
        }
    }

    // As many as the request allows, each of another endpoint.
    private static Claim[] TakeRetries(ClaimLedger ledger, ClaimRequest request)
    {
        var count = Math.Min(request.Slots, request.RetrySlots);
        return ledger.Add(
            request, [.. Enumerable.Range(0, count).Select(_ => LeaseOf(SubscriberId.New(Sample.Now)) with { IsRetry = true })], 0);
    }

    // An endpoint that has earned all it may have.
    private void Warm(ClaimLedger ledger, SubscriberId id)
    {
        for (var i = 0; i < 6; i++)
        {
            var claims = ClaimAll(ledger, [id]);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            while (claims.Find(claim => claim.HoldsSlot) is { } next)
            {
                claims.Remove(next);
                Send(ledger, next);
            }
        }
    }

    private static void Send(ClaimLedger ledger, Claim claim, bool succeeds = true)
    {
        ledger.EndSend(claim, succeeds);
        ledger.Close(claim);
    }

    private static List<Claim> ClaimAll(ClaimLedger ledger, SubscriberId[] endpoints)
    {
        var all = new List<Claim>();
        while (ledger.Prepare() is { } request)
        {
            var leases = new List<Lease>();
            for (var turn = 0; turn < request.Slots; turn++)
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
