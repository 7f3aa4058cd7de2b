namespace Hookstream.Conformance.Deliveries;

/// <summary>Failures in a row shut an endpoint's gate for the cooling period; then one request at a time decides.</summary>
public abstract class CircuitSuite : StoreSuite
{
    private const int Threshold = 3;

    private static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(10);

    private static SubscriberSettings Settings => SettingsOf("*") with { CircuitThreshold = Threshold, CircuitCooldown = Cooldown };

    [Fact]
    public async Task Failures_in_a_row_open_the_circuit_and_hold_what_waits()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await FailAsync(tenant, subscriber, Threshold - 1);
        (await CircuitAsync(tenant, subscriber)).IsOpen.ShouldBeFalse();

        await FailAsync(tenant, subscriber, 1);

        var circuit = await CircuitAsync(tenant, subscriber);
        circuit.OpenedAt.ShouldBe(Now);
        circuit.ProbeAt.ShouldBe(Now + Cooldown);
        circuit.StateAt(Now).ShouldBe(CircuitState.Open);
        (await ClaimAsync()).ShouldBeEmpty();
        var held = await Store.Deliveries.ListAsync(
            tenant, new DeliveryQuery { Status = DeliveryStatus.Held }, new PageRequest(100, null), Cancellation);
        held.Items.Count.ShouldBe(10);
        held.Items.ShouldAllBe(delivery => delivery.HoldReason == HoldReason.CircuitOpen);
    }

    [Fact]
    public async Task Success_between_failures_begins_the_count_anew()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await FailAsync(tenant, subscriber, Threshold - 1);
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));
        await FailAsync(tenant, subscriber, Threshold - 1);

        (await CircuitAsync(tenant, subscriber)).IsOpen.ShouldBeFalse();
        (await ClaimAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Outcomes_of_one_settle_count_in_their_order()
    {
        var (tenant, subscriber) = await WaitingAsync(6);
        var leases = await ClaimAsync(slots: 6);

        // Two failures, a success, two failures: three in all, but never three in a row.
        await SettleAsync(
            Failed(leases[0]), Failed(leases[1]), DeliveredOf(leases[2]), Failed(leases[3]), Failed(leases[4]));

        var circuit = await CircuitAsync(tenant, subscriber);
        circuit.IsOpen.ShouldBeFalse();
        await SettleAsync(Failed(leases[5]));
        (await CircuitAsync(tenant, subscriber)).IsOpen.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failures_that_come_after_a_take_over_count_for_nothing(bool recorded)
    {
        var (tenant, subscriber) = await WaitingAsync(2 * Threshold);
        var lost = await ClaimAsync(slots: 2 * Threshold, lease: TimeSpan.FromSeconds(30));
        Time.Advance(TimeSpan.FromSeconds(31));
        var taken = await ClaimAsync(slots: 2 * Threshold);
        taken.Count.ShouldBe(2 * Threshold);
        if (recorded)
            await SettleAsync([.. taken.Select(DeliveredOf)]);

        await SettleAsync([.. lost.Select(Failed)]);

        var circuit = await CircuitAsync(tenant, subscriber);
        circuit.IsOpen.ShouldBeFalse();
        circuit.Failures.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Outcomes_in_batches_of_any_size_lead_where_one_by_one_they_would(int seed)
    {
        var random = new Random(seed);
        var (tenant, subscriber) = await WaitingAsync(40);
        var options = new CircuitOptions { Threshold = Threshold, Cooldown = Cooldown };
        var expected = EndpointCircuit.Closed;
        for (var round = 0; round < 25; round++)
        {
            if (expected.IsOpen)
                Time.Advance(Cooldown);
            var leases = await ClaimAsync(slots: random.Next(1, 9));
            var epoch = expected.Epoch;
            var settlements = new List<Settlement>();
            foreach (var lease in leases)
            {
                var outcome = random.Next(10) switch
                {
                    < 5 => Failed(lease),
                    < 6 => Failed(lease) with { Attempt = AttemptOf(1, AttemptOutcome.HttpStatus, 429) },
                    // Delivered, but for the test it stays: what waits must not run out.
                    _ => Failed(lease) with { Attempt = AttemptOf(1, AttemptOutcome.Delivered, 200) },
                } with { CircuitEpoch = epoch };
                settlements.Add(outcome);
                expected = expected.After(outcome.Signal, epoch, lease.IsProbe, options, Now);
            }

            await Store.Deliveries.SettleAsync(settlements, Cancellation);
            // How many failures there were is for the store alone; it need not tell other nodes of each.
            var circuit = await CircuitAsync(tenant, subscriber);
            (circuit with { Failures = 0 }).ShouldBe(expected with { Failures = 0 });
        }
    }

    [Fact]
    public async Task Too_many_requests_and_what_was_cut_off_count_for_nothing()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        for (var i = 0; i < Threshold + 1; i++)
        {
            var lease = await ClaimOneAsync();
            await SettleAsync(Failed(lease) with { Attempt = AttemptOf(1, AttemptOutcome.HttpStatus, 429) });
            lease = await ClaimOneAsync();
            await SettleAsync(new Settlement
            {
                Lease = lease,
                Attempt = AttemptOf(1, AttemptOutcome.Interrupted),
                Disposition = Disposition.Release,
                Error = new DeliveryError("interrupted", "cut off"),
            });
        }

        (await CircuitAsync(tenant, subscriber)).ShouldBe(EndpointCircuit.Closed);
    }

    [Fact]
    public async Task After_the_cooling_period_one_delivery_is_claimed_and_no_other_until_it_has_ended()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await OpenAsync(tenant, subscriber);
        Time.Advance(Cooldown - TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldBeEmpty();

        Time.Advance(TimeSpan.FromMilliseconds(1));

        (await CircuitAsync(tenant, subscriber)).StateAt(Now).ShouldBe(CircuitState.HalfOpen);
        var probe = (await ClaimAsync()).ShouldHaveSingleItem();
        probe.IsProbe.ShouldBeTrue();
        (await LoadOneAsync(probe)).Trigger.ShouldBe(AttemptTrigger.Probe);
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Probe_that_succeeds_closes_the_circuit_and_lets_go_what_waits()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        var epoch = await OpenAsync(tenant, subscriber);
        Time.Advance(Cooldown);
        var probe = await ClaimOneAsync();

        await SettleAsync(DeliveredOf(probe) with { CircuitEpoch = epoch });

        var circuit = await CircuitAsync(tenant, subscriber);
        circuit.IsOpen.ShouldBeFalse();
        circuit.Failures.ShouldBe(0);
        circuit.Epoch.ShouldBeGreaterThan(epoch);
        var leases = await ClaimAsync();
        leases.Count.ShouldBe(9);
        leases.ShouldAllBe(lease => !lease.IsProbe);
    }

    [Fact]
    public async Task Probe_that_fails_begins_another_cooling_period()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        var epoch = await OpenAsync(tenant, subscriber);
        var openedAt = Now;
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(Cooldown);
            await SettleAsync(Failed(await ClaimOneAsync()) with { CircuitEpoch = epoch });

            (await ClaimAsync()).ShouldBeEmpty();
            var circuit = await CircuitAsync(tenant, subscriber);
            circuit.OpenedAt.ShouldBe(openedAt);
            circuit.ProbeAt.ShouldBe(Now + Cooldown);
            circuit.Epoch.ShouldBeGreaterThan(epoch);
            epoch = circuit.Epoch;
        }
    }

    [Fact]
    public async Task Probe_whose_sender_is_gone_gives_way_to_another()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await OpenAsync(tenant, subscriber);
        Time.Advance(Cooldown);
        var lost = await ClaimOneAsync();

        Time.Advance(EndpointCircuit.ProbeLease);

        var probe = (await ClaimAsync()).ShouldHaveSingleItem();
        probe.IsProbe.ShouldBeTrue();
        probe.ShouldNotBe(lost);
    }

    [Fact]
    public async Task Probe_that_is_given_back_is_claimed_again_at_once()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await OpenAsync(tenant, subscriber);
        Time.Advance(Cooldown);
        await Store.Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);

        (await ClaimAsync()).ShouldHaveSingleItem().IsProbe.ShouldBeTrue();
    }

    [Fact]
    public async Task Results_from_before_a_change_of_state_change_nothing()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        var inFlight = await ClaimAsync(slots: 5);
        await FailAsync(tenant, subscriber, Threshold);
        var opened = await CircuitAsync(tenant, subscriber);
        opened.IsOpen.ShouldBeTrue();

        await SettleAsync(DeliveredOf(inFlight[0]), Failed(inFlight[1]));
        (await CircuitAsync(tenant, subscriber)).ShouldBe(opened);

        await Store.Subscribers.ResetCircuitAsync(tenant, subscriber.Id, Cancellation);
        await SettleAsync(Failed(inFlight[2]), Failed(inFlight[3]), Failed(inFlight[4]));
        var reset = await CircuitAsync(tenant, subscriber);
        reset.IsOpen.ShouldBeFalse();
        reset.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task Reset_closes_the_circuit_and_lets_go_what_waits()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await OpenAsync(tenant, subscriber);

        var answer = await Store.Subscribers.ResetCircuitAsync(tenant, subscriber.Id, Cancellation);

        answer.ShouldNotBeNull().Gate.Circuit.IsOpen.ShouldBeFalse();
        (await ClaimAsync()).Count.ShouldBe(10);
        (await Store.Subscribers.ResetCircuitAsync(await NewTenantAsync("other"), subscriber.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Open_circuit_outlives_a_restart()
    {
        var (tenant, subscriber) = await WaitingAsync(10);
        await OpenAsync(tenant, subscriber);
        var before = await CircuitAsync(tenant, subscriber);

        await ReopenAfterLeasesAsync();

        (await CircuitAsync(tenant, subscriber)).ShouldBe(before);
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(Cooldown);
        (await ClaimAsync()).ShouldHaveSingleItem().IsProbe.ShouldBeTrue();
    }

    [Fact]
    public async Task Circuit_of_one_endpoint_holds_no_other()
    {
        var (tenant, subscriber) = await WaitingAsync(3);
        await OpenAsync(tenant, subscriber);
        var other = await SubscribeAsync(tenant, Settings);
        await AppendManyAsync(tenant, 4);

        var leases = await ClaimAsync();

        leases.Count.ShouldBe(4);
        leases.ShouldAllBe(lease => lease.Subscriber == other.Id);
    }

    [Fact]
    public async Task Paused_endpoint_with_an_open_circuit_reads_as_paused_and_is_not_probed()
    {
        var (tenant, subscriber) = await WaitingAsync(3);
        await OpenAsync(tenant, subscriber);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        Time.Advance(Cooldown);

        (await ClaimAsync()).ShouldBeEmpty();
        var held = await Store.Deliveries.ListAsync(
            tenant, new DeliveryQuery { Status = DeliveryStatus.Held }, new PageRequest(100, null), Cancellation);
        held.Items.ShouldAllBe(delivery => delivery.HoldReason == HoldReason.Paused);

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem().IsProbe.ShouldBeTrue();
    }

    [Fact]
    public async Task What_waits_too_long_behind_an_open_circuit_is_dead_lettered_as_expired()
    {
        var maxAge = TimeSpan.FromDays(3);
        var (tenant, subscriber) = await WaitingAsync(10);
        await OpenAsync(tenant, subscriber);
        Time.Advance(maxAge);
        (await Store.Maintenance.ExpireAsync(maxAge, Cancellation)).ShouldBe(0);
        await AppendAsync(tenant);
        Time.Advance(TimeSpan.FromMinutes(1));

        (await Store.Maintenance.ExpireAsync(maxAge, Cancellation)).ShouldBe(10);

        (await Store.Maintenance.ExpireAsync(maxAge, Cancellation)).ShouldBe(0);
        var dead = await Store.Deliveries.ListAsync(
            tenant, new DeliveryQuery { Status = DeliveryStatus.DeadLetter }, new PageRequest(100, null), Cancellation);
        dead.Items.Count.ShouldBe(10);
        dead.Items.ShouldAllBe(delivery => delivery.LastError!.Code == "expired");
        // The one that is young enough is the probe.
        var probe = (await ClaimAsync()).ShouldHaveSingleItem();
        (await Store.Deliveries.LoadAsync([probe], Cancellation)).ShouldHaveSingleItem();
    }

    private async Task<(TenantId Tenant, Subscriber Subscriber)> WaitingAsync(int count)
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant, Settings);
        await AppendManyAsync(tenant, count);
        return (tenant, subscriber);
    }

    // Each is due again at once, so that what waits stays as many.
    private static Settlement AtOnce(Settlement settlement) => settlement with { RetryIn = TimeSpan.Zero };

    private Settlement Failed(Lease lease) => AtOnce(RetryOf(lease, TimeSpan.Zero));

    private async Task FailAsync(TenantId tenant, Subscriber subscriber, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var epoch = (await CircuitAsync(tenant, subscriber)).Epoch;
            await SettleAsync(Failed(await ClaimOneAsync()) with { CircuitEpoch = epoch });
        }
    }

    private async Task<long> OpenAsync(TenantId tenant, Subscriber subscriber)
    {
        await FailAsync(tenant, subscriber, Threshold);
        var circuit = await CircuitAsync(tenant, subscriber);
        circuit.IsOpen.ShouldBeTrue();
        return circuit.Epoch;
    }

    private async Task<EndpointCircuit> CircuitAsync(TenantId tenant, Subscriber subscriber) =>
        (await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldNotBeNull().Gate.Circuit;
}
