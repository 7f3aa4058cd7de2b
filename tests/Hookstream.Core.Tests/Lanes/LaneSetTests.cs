using Hookstream.Core.Signing;
using Hookstream.Core.Lanes;
using Hookstream.Core.Catalogs;
using Hookstream.Core.Circuits;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Core.Tests.Lanes;

/// <summary>The memory of the lanes does not depend on what passes through them; first attempts and retries are served in turn.</summary>
public sealed class LaneSetTests
{
    private const int High = (int)EventPriority.High;
    private const int Normal = (int)EventPriority.Normal;

    private static readonly int HighRetry = LaneClass.RetryOf(High);
    private static readonly int NormalRetry = LaneClass.RetryOf(Normal);

    private readonly FakeTimeProvider _time = new();
    private readonly LaneSet _lanes;
    private long _subscribers;

    public LaneSetTests() => _lanes = new LaneSet(_time);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void Retry_classes_are_told_from_those_of_first_attempts()
    {
        for (var priority = 0; priority < LaneClass.Priorities; priority++)
        {
            var retry = LaneClass.RetryOf(priority);
            retry.ShouldBeInRange(LaneClass.Priorities, LaneClass.Count - 1);
            LaneClass.IsRetry(priority).ShouldBeFalse();
            LaneClass.IsRetry(retry).ShouldBeTrue();
            LaneClass.PriorityOf(retry).ShouldBe(priority);
            LaneClass.RetryOf(retry).ShouldBe(retry);
            LaneClass.OtherOf(retry).ShouldBe(priority);
            LaneClass.OtherOf(priority).ShouldBe(retry);
        }
    }

    [Fact]
    public void Lanes_of_both_kinds_are_served_in_the_order_of_their_turns_within_their_priority()
    {
        var (a, b) = (NewLane(), NewLane());
        _lanes.Signal(a, NormalRetry, Now);
        _lanes.Signal(b, Normal, Now);
        _lanes.Signal(a, Normal, Now);
        _lanes.Signal(b, HighRetry, Now);

        Claim(4).ShouldBe([(b, HighRetry), (a, NormalRetry), (b, Normal), (a, Normal)]);
    }

    [Fact]
    public void Lane_that_always_has_both_due_is_served_them_by_turns()
    {
        var lane = NewLane();
        var served = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            // Whoever comes first: as after a timer, which brings first attempts first.
            _lanes.Signal(lane, Normal, Now);
            _lanes.Signal(lane, NormalRetry, Now);
            served.AddRange(Claim(1).Select(turn => turn.Class));
        }

        served.ShouldBe([.. Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? Normal : NormalRetry)]);
    }

    [Fact]
    public void Retries_without_slots_keep_their_places_and_let_first_attempts_pass()
    {
        var lanes = Enumerable.Range(0, 5).Select(_ => NewLane()).ToArray();
        foreach (var lane in lanes)
            _lanes.Signal(lane, NormalRetry, Now);
        _lanes.Signal(lanes[4], Normal, Now);
        _lanes.Signal(lanes[3], LaneClass.Background, Now);

        Claim(9, retries: 0).ShouldBe([(lanes[4], Normal), (lanes[3], LaneClass.Background)]);
        Claim(9, retries: 0).ShouldBeEmpty();
        Claim(9, retries: 3).ShouldBe([.. lanes.Take(3).Select(lane => (lane, NormalRetry))]);
        Claim(9).ShouldBe([.. lanes.Skip(3).Select(lane => (lane, NormalRetry))]);
    }

    [Fact]
    public void Probe_needs_no_slot_for_retries()
    {
        var (probed, other) = (NewLane(), NewLane());
        SetCircuit(probed, Opened(TimeSpan.Zero));
        _lanes.Signal(other, NormalRetry, Now);
        _lanes.Signal(probed, NormalRetry, Now);

        Claim(9, retries: 0).ShouldBe([(probed, NormalRetry)]);
        Claim(9, retries: 0).ShouldBeEmpty();
        Claim(9).ShouldBe([(other, NormalRetry)]);
    }

    [Fact]
    public void Lane_that_is_kept_out_when_its_circuit_opens_is_probed_all_the_same()
    {
        var lane = NewLane();
        _lanes.Signal(lane, NormalRetry, Now);
        Claim(9, retries: 0).ShouldBeEmpty();
        SetCircuit(lane, Opened(TimeSpan.FromMinutes(1)));
        Claim(9).ShouldBeEmpty();

        _time.Advance(TimeSpan.FromMinutes(1));

        Claim(9, retries: 0).ShouldBe([(lane, NormalRetry)]);
        Claim(9).ShouldBeEmpty();
    }

    [Fact]
    public void Lane_whose_circuit_has_closed_waits_for_slots_for_retries_again()
    {
        var (closed, other) = (NewLane(), NewLane());
        SetCircuit(closed, Opened(TimeSpan.Zero));
        _lanes.Signal(closed, NormalRetry, Now);
        _lanes.Signal(other, NormalRetry, Now);
        SetCircuit(closed, EndpointCircuit.Closed);

        Claim(9, retries: 0).ShouldBeEmpty();
        Claim(9).ShouldBe([(other, NormalRetry), (closed, NormalRetry)]);
    }

    [Fact]
    public void Tenant_with_nothing_but_retries_takes_no_turn_from_others_without_slots_for_them()
    {
        var (retrying, other) = (NewLane(tenantNo: 1), NewLane(tenantNo: 2));
        _lanes.Signal(retrying, NormalRetry, Now);
        _lanes.Signal(other, Normal, Now);
        lock (_lanes.Gate)
        {
            _lanes.BeginClaim(Now);
            _lanes.Next(10, Now, retries: 0)!.Value.Lane.ShouldBe(other);
            _lanes.Next(10, Now, retries: 0).ShouldBeNull();
            // Slots that were planned for others and not used.
            _lanes.Next(10, Now, retries: 2)!.Value.ShouldBe((retrying, NormalRetry, 2, false));
            _lanes.EndClaim();
        }
    }

    [Fact]
    public async Task Retries_that_were_kept_out_wake_nobody()
    {
        var lane = NewLane();
        _lanes.Signal(lane, NormalRetry, Now);
        Claim(1, retries: 0).ShouldBeEmpty();

        var wait = _lanes.WaitAsync(Lane.Never, TestContext.Current.CancellationToken);
        wait.IsCompleted.ShouldBeFalse();
        _lanes.Signal(lane, Normal, Now);

        await wait.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Claim(2).ShouldBe([(lane, NormalRetry), (lane, Normal)]);
    }

    [Fact]
    public void Timer_that_is_overtaken_again_and_again_is_one_timer()
    {
        var lane = NewLane();
        _lanes.Signal(lane, 2, In(TimeSpan.FromHours(2)));

        for (var i = 0; i < 1_000; i++)
        {
            _lanes.Signal(lane, 1, In(TimeSpan.FromSeconds(1)));
            _time.Advance(TimeSpan.FromSeconds(1));
            Claim(2).ShouldHaveSingleItem();
        }

        _lanes.Timers.ShouldBe(1);

        long In(TimeSpan wait) => (_time.GetUtcNow() + wait).ToUnixTimeMilliseconds();
    }

    // Takes so many lanes out of their rounds, as a claim does that finds one delivery in each.
    private List<(Lane Lane, int Class)> Claim(int most, int retries = int.MaxValue)
    {
        var served = new List<(Lane, int)>();
        lock (_lanes.Gate)
        {
            _lanes.BeginClaim(Now);
            while (served.Count < most && _lanes.Next(most, Now, retries: retries) is { } next)
            {
                next.Lane.Advance(next.Class, LanePosition.Start);
                served.Add((next.Lane, next.Class));
                retries -= LaneClass.IsRetry(next.Class) ? 1 : 0;
            }

            _lanes.EndClaim();
        }

        return served;
    }

    private EndpointCircuit Opened(TimeSpan cooldown) =>
        new() { OpenedAt = _time.GetUtcNow(), ProbeAt = _time.GetUtcNow() + cooldown };

    private void SetCircuit(Lane lane, EndpointCircuit circuit)
    {
        lane.Entry.Change(snapshot =>
        {
            var subscriber = snapshot.Subscriber;
            return snapshot with { Subscriber = subscriber with { Gate = subscriber.Gate with { Circuit = circuit } } };
        });
        _lanes.GateChanged(lane);
    }

    private Lane NewLane(long tenantNo = 1)
    {
        var now = _time.GetUtcNow();
        EventFilter.TryParse("*", out var filter).ShouldBeTrue();
        var settings = new SubscriberSettings { Url = new Uri("https://receiver.example/"), Events = [filter!] };
        var gate = new EndpointGate { Verification = VerificationMode.None, OpenedAt = now };
        var subscriber = new Subscriber(SubscriberId.New(now), TenantId.New(now), settings, gate, now, now);
        return new SubscriberEntry(
            ++_subscribers, tenantNo, new EndpointSnapshot(subscriber, new SigningSecrets(SigningSecret.Generate())), cancelling: false).Lane;
    }
}
