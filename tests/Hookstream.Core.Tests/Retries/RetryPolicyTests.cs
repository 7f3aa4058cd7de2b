using CsCheck;
using Hookstream.Core.Circuits;
using Hookstream.Core.Retries;
using Hookstream.Core.Signing;

namespace Hookstream.Core.Tests.Retries;

public sealed class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Delivered_is_delivered()
    {
        var work = WorkOf();
        var attempt = AttemptOf(AttemptOutcome.Delivered, 204);

        var settlement = RetryPolicy.Decide(work, attempt, null, RetrySchedule.Default, 0.5);

        settlement.Disposition.ShouldBe(Disposition.Delivered);
        settlement.Lease.ShouldBe(work.Lease);
        settlement.Attempt.ShouldBe(attempt);
        settlement.Error.ShouldBeNull();
        settlement.BlockEndpointFor.ShouldBeNull();
        settlement.DisableEndpointReason.ShouldBeNull();
    }

    [Theory]
    [InlineData(AttemptOutcome.HttpStatus, 500, "http_status")]
    [InlineData(AttemptOutcome.HttpStatus, 301, "http_status")]
    [InlineData(AttemptOutcome.HttpStatus, 404, "http_status")]
    [InlineData(AttemptOutcome.HttpStatus, 429, "http_status")]
    [InlineData(AttemptOutcome.Timeout, null, "timeout")]
    [InlineData(AttemptOutcome.ConnectionRefused, null, "connection_refused")]
    [InlineData(AttemptOutcome.ConnectionReset, null, "connection_reset")]
    [InlineData(AttemptOutcome.DnsFailure, null, "dns_failure")]
    [InlineData(AttemptOutcome.TlsFailure, null, "tls_failure")]
    [InlineData(AttemptOutcome.BlockedAddress, null, "blocked_address")]
    [InlineData(AttemptOutcome.InvalidResponse, null, "invalid_response")]
    public void Failure_is_retried_while_budget_is_left_and_then_dead_lettered(
        AttemptOutcome outcome, int? status, string code)
    {
        TimeSpan[] waits = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];
        for (var failures = 0; failures < 5; failures++)
        {
            var settlement = RetryPolicy.Decide(
                WorkOf(failures), AttemptOf(outcome, status), null, RetrySchedule.Default, 0);

            settlement.Error.ShouldBe(new DeliveryError(code, "what went wrong"));
            settlement.BlockEndpointFor.ShouldBeNull();
            settlement.DisableEndpointReason.ShouldBeNull();
            settlement.Disposition.ShouldBe(failures < 4 ? Disposition.Retry : Disposition.DeadLetter);
            if (failures < 4)
                settlement.RetryIn.ShouldBe(waits[failures]);
        }
    }

    [Fact]
    public void Interrupted_is_released_whatever_the_budget()
    {
        foreach (var failures in new[] { 0, 4, 100 })
        {
            var settlement = RetryPolicy.Decide(
                WorkOf(failures), AttemptOf(AttemptOutcome.Interrupted), TimeSpan.FromHours(1), RetrySchedule.Default, 0);

            settlement.Disposition.ShouldBe(Disposition.Release);
            settlement.Attempt.ShouldNotBeNull();
            settlement.BlockEndpointFor.ShouldBeNull();
        }
    }

    [Fact]
    public void Gone_is_dead_lettered_at_once_and_disables_the_endpoint()
    {
        var settlement = RetryPolicy.Decide(
            WorkOf(), AttemptOf(AttemptOutcome.HttpStatus, 410), null, RetrySchedule.Default, 0);

        settlement.Disposition.ShouldBe(Disposition.DeadLetter);
        settlement.Error.ShouldNotBeNull().Code.ShouldBe("gone");
        settlement.DisableEndpointReason.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(5, 9, true, AttemptOutcome.Timeout, true)]
    [InlineData(4.9, 9, true, AttemptOutcome.Timeout, false)]
    [InlineData(9, 4.9, true, AttemptOutcome.Timeout, false)]
    [InlineData(9, 9, false, AttemptOutcome.Timeout, false)]
    [InlineData(9, 9, true, AttemptOutcome.Delivered, false)]
    public void Endpoint_is_disabled_when_its_probes_have_failed_for_long_enough(
        double openDays, double daysSincePerson, bool isProbe, AttemptOutcome outcome, bool disabled)
    {
        var work = WorkOf();
        var gate = new EndpointGate
        {
            OpenedAt = Now.AddDays(-daysSincePerson),
            Circuit = new EndpointCircuit { OpenedAt = Now.AddDays(-openDays), ProbeAt = Now },
        };
        work = work with
        {
            Lease = work.Lease with { IsProbe = isProbe },
            Endpoint = work.Endpoint with { Subscriber = work.Endpoint.Subscriber with { Gate = gate } },
        };
        var attempt = AttemptOf(outcome) with { StartedAt = Now, Duration = TimeSpan.Zero };

        var settlement = RetryPolicy.Decide(work, attempt, null, RetrySchedule.Default, 0, TimeSpan.FromDays(5));

        (settlement.DisableEndpointReason is not null).ShouldBe(disabled);
    }

    [Fact]
    public void Schedule_of_the_endpoint_goes_before_the_fallback()
    {
        RetrySchedule.TryCreate([TimeSpan.Zero, TimeSpan.FromSeconds(7)], out var own).ShouldBeTrue();

        var first = RetryPolicy.Decide(
            WorkOf(0, own), AttemptOf(AttemptOutcome.Timeout), null, RetrySchedule.Default, 0);
        var second = RetryPolicy.Decide(
            WorkOf(1, own), AttemptOf(AttemptOutcome.Timeout), null, RetrySchedule.Default, 0);

        first.RetryIn.ShouldBe(TimeSpan.FromSeconds(7));
        second.Disposition.ShouldBe(Disposition.DeadLetter);
    }

    [Fact]
    public void Schedule_of_one_attempt_is_dead_lettered_at_the_first_failure()
    {
        RetrySchedule.TryCreate([TimeSpan.Zero], out var once).ShouldBeTrue();

        RetryPolicy.Decide(WorkOf(), AttemptOf(AttemptOutcome.Timeout), null, once!, 0)
            .Disposition.ShouldBe(Disposition.DeadLetter);
    }

    [Theory]
    [InlineData(600, 600, 600)]
    [InlineData(10, 10, 30)]
    [InlineData(200_000, 86_400, 86_400)]
    public void Retry_after_blocks_the_endpoint_and_only_lengthens_the_wait(
        int askedSeconds, int blockedSeconds, int waitedSeconds)
    {
        var settlement = RetryPolicy.Decide(
            WorkOf(), AttemptOf(AttemptOutcome.HttpStatus, 429), TimeSpan.FromSeconds(askedSeconds), RetrySchedule.Default, 0);

        settlement.BlockEndpointFor.ShouldBe(TimeSpan.FromSeconds(blockedSeconds));
        settlement.RetryIn.ShouldBe(TimeSpan.FromSeconds(waitedSeconds));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Retry_after_of_nothing_blocks_nothing(int seconds)
    {
        var settlement = RetryPolicy.Decide(
            WorkOf(), AttemptOf(AttemptOutcome.HttpStatus, 503), TimeSpan.FromSeconds(seconds), RetrySchedule.Default, 0);

        settlement.BlockEndpointFor.ShouldBeNull();
        settlement.RetryIn.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Retry_after_with_the_last_attempt_blocks_the_endpoint_all_the_same()
    {
        var settlement = RetryPolicy.Decide(
            WorkOf(4), AttemptOf(AttemptOutcome.HttpStatus, 503), TimeSpan.FromMinutes(1), RetrySchedule.Default, 0);

        settlement.Disposition.ShouldBe(Disposition.DeadLetter);
        settlement.BlockEndpointFor.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Jitter_lengthens_a_wait_by_a_tenth_at_most_and_never_shortens_it() =>
        Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1]).Sample((failures, random) =>
        {
            var settlement = RetryPolicy.Decide(
                WorkOf(failures), AttemptOf(AttemptOutcome.Timeout), null, RetrySchedule.Default, random);
            var plain = RetrySchedule.Default.DelayAfter(failures + 1)!.Value;
            return settlement.RetryIn >= plain && settlement.RetryIn <= plain * (1 + RetryPolicy.Jitter);
        });

    [Fact]
    public void Jitter_spreads_waits_over_the_tenth()
    {
        var none = RetryPolicy.Decide(WorkOf(), AttemptOf(AttemptOutcome.Timeout), null, RetrySchedule.Default, 0);
        var all = RetryPolicy.Decide(WorkOf(), AttemptOf(AttemptOutcome.Timeout), null, RetrySchedule.Default, 1);

        none.RetryIn.ShouldBe(TimeSpan.FromSeconds(30));
        all.RetryIn.ShouldBe(TimeSpan.FromSeconds(33));
    }

    [Fact]
    public void Waiting_beyond_the_maximum_age_expires()
    {
        var maxAge = TimeSpan.FromDays(3);
        var work = WorkOf();

        RetryPolicy.Expire(work, maxAge, Now + maxAge).ShouldBeNull();
        var settlement = RetryPolicy.Expire(work, maxAge, Now + maxAge + TimeSpan.FromMilliseconds(1)).ShouldNotBeNull();

        settlement.Lease.ShouldBe(work.Lease);
        settlement.Disposition.ShouldBe(Disposition.DeadLetter);
        settlement.Attempt.ShouldBeNull();
        settlement.Error.ShouldBe(new DeliveryError("expired", "it waited longer than the maximum age of 3d"));
    }

    [Fact]
    public void Waiting_at_a_gate_that_a_person_shut_does_not_count()
    {
        var maxAge = TimeSpan.FromDays(3);
        var opened = Now + TimeSpan.FromDays(10);
        var work = WorkOf(openedAt: opened);

        RetryPolicy.Expire(work, maxAge, opened + TimeSpan.FromDays(3)).ShouldBeNull();
        RetryPolicy.Expire(work, maxAge, opened + TimeSpan.FromDays(4)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0, Disposition.Retry)]
    [InlineData(4, Disposition.DeadLetter)]
    public void Leases_lost_too_often_in_a_row_count_as_a_failed_attempt(int failures, Disposition expected)
    {
        var work = WorkOf(failures) with { LostLeases = RetryPolicy.MaxLostLeases };

        var settlement = RetryPolicy.AfterLostLeases(work, RetrySchedule.Default, Now, 0).ShouldNotBeNull();

        settlement.Disposition.ShouldBe(expected);
        settlement.Lease.ShouldBe(work.Lease);
        settlement.Error.ShouldNotBeNull().Code.ShouldBe("interrupted");
        var attempt = settlement.Attempt.ShouldNotBeNull();
        attempt.Number.ShouldBe(work.AttemptCount + 1);
        attempt.Outcome.ShouldBe(AttemptOutcome.Interrupted);
    }

    [Fact]
    public void Leases_lost_now_and_then_count_for_nothing() =>
        RetryPolicy.AfterLostLeases(
            WorkOf() with { LostLeases = RetryPolicy.MaxLostLeases - 1 }, RetrySchedule.Default, Now, 0).ShouldBeNull();

    [Fact]
    public void Every_outcome_has_a_code_of_its_own()
    {
        var codes = Enum.GetValues<AttemptOutcome>().Select(outcome => outcome.ToCode()).ToList();

        codes.Distinct().Count().ShouldBe(codes.Count);
        Should.Throw<ArgumentOutOfRangeException>(() => ((AttemptOutcome)99).ToCode());
    }

    private static DeliveryWork WorkOf(int failures = 0, RetrySchedule? schedule = null, DateTimeOffset? openedAt = null)
    {
        EventFilter.TryParse("*", out var all).ShouldBeTrue();
        var tenant = TenantId.New(Now);
        var subscriber = new Subscriber(
            SubscriberId.New(Now),
            tenant,
            new SubscriberSettings { Url = new Uri("https://a.example"), Events = [all!], RetrySchedule = schedule },
            new EndpointGate { OpenedAt = openedAt ?? Now },
            Now,
            Now);
        return new DeliveryWork
        {
            Lease = new Lease(DeliveryId.New(Now), tenant, subscriber.Id, 0, 1),
            Endpoint = new EndpointSnapshot(subscriber, new SigningSecrets(SigningSecret.Generate())),
            Event = EventId.New(Now),
            EventType = EventType.FromStore("order.paid"),
            EventTimestamp = Now,
            Payload = "{}"u8.ToArray(),
            AttemptCount = failures,
            Failures = failures,
            Trigger = AttemptTrigger.Schedule,
            WaitingSince = Now,
        };
    }

    private static Attempt AttemptOf(AttemptOutcome outcome, int? status = null) => new()
    {
        Id = AttemptId.New(Now),
        Number = 1,
        Trigger = AttemptTrigger.Schedule,
        StartedAt = Now,
        Duration = TimeSpan.FromMilliseconds(1),
        Outcome = outcome,
        StatusCode = status,
        Error = outcome == AttemptOutcome.Delivered ? null : "what went wrong",
        RequestHeaders = "{}"u8.ToArray(),
    };
}
