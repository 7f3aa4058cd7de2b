using System.Text;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Conformance.Deliveries;

/// <summary>The attempts that failed lately at an endpoint are found, wherever their deliveries are by now.</summary>
public abstract class FailureSuite : StoreSuite
{
    [Fact]
    public async Task Attempt_that_failed_is_told_whole()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        var attempt = AttemptOf(1, AttemptOutcome.HttpStatus, 503) with
        {
            Duration = TimeSpan.FromMicroseconds(12_345),
            ResponseBody = Encoding.UTF8.GetBytes("out of order"),
            ResponseTruncated = true,
        };
        await SettleAsync(RetryOf(lease, TimeSpan.FromMinutes(1)) with { Attempt = attempt });

        var found = (await FindAsync(tenant, subscriber.Id)).Attempts.ShouldHaveSingleItem();

        Encoding.UTF8.GetString(found.ResponseBody.ShouldNotBeNull().Span).ShouldBe("out of order");
        (found with { ResponseBody = null }).ShouldBe(new FailedAttempt
        {
            Delivery = delivery.Id,
            Event = delivery.Event,
            Number = 1,
            Trigger = AttemptTrigger.Schedule,
            StartedAt = attempt.StartedAt,
            Duration = attempt.Duration,
            Outcome = AttemptOutcome.HttpStatus,
            StatusCode = 503,
            Error = attempt.Error,
            ResponseTruncated = true,
        });
    }

    [Fact]
    public async Task Failures_are_found_whatever_became_of_the_delivery_newest_first()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 5);
        var leases = await ClaimAsync();
        leases.Count.ShouldBe(5);
        await SettleLaterAsync(RetryOf(leases[0], TimeSpan.FromHours(5)));
        await SettleLaterAsync(DeadLetterOf(leases[1]));
        await SettleLaterAsync(RetryOf(leases[2], TimeSpan.FromSeconds(1)));
        await SettleLaterAsync(RetryOf(leases[3], TimeSpan.FromHours(5)));
        await SettleLaterAsync(DeliveredOf(leases[4]));
        await Store.Deliveries.CancelAsync(tenant, leases[3].Delivery, Cancellation);
        Time.Advance(TimeSpan.FromSeconds(2));
        await SettleLaterAsync(DeliveredOf(await ClaimOneAsync(), number: 2));

        var found = await FindAsync(tenant, subscriber.Id);

        found.Attempts.Select(attempt => attempt.Delivery)
            .ShouldBe([leases[3].Delivery, leases[2].Delivery, leases[1].Delivery, leases[0].Delivery]);
        found.LastDeliveredAt.ShouldBe(Now - TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public async Task All_failures_of_a_delivery_are_found_and_its_success_is_not()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        for (var number = 1; number <= 3; number++)
        {
            await SettleLaterAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1), number));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await SettleLaterAsync(DeliveredOf(await ClaimOneAsync(), number: 4));

        (await FindAsync(tenant, subscriber.Id)).Attempts.Select(attempt => attempt.Number).ShouldBe([3, 2, 1]);
        (await FindAsync(tenant, subscriber.Id, limit: 2)).Attempts.Select(attempt => attempt.Number).ShouldBe([3, 2]);
    }

    [Fact]
    public async Task Attempts_that_did_not_fail_are_not_found()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();
        await SettleAsync(
            DeliveredOf(leases[0]),
            new Settlement
            {
                Lease = leases[1],
                Attempt = AttemptOf(1, AttemptOutcome.Interrupted),
                Disposition = Disposition.Release,
            });

        var found = await FindAsync(tenant, subscriber.Id);

        found.Attempts.ShouldBeEmpty();
        found.LastDeliveredAt.ShouldBe(Now);
    }

    [Fact]
    public async Task Failures_of_others_are_not_found()
    {
        var tenant = await NewTenantAsync();
        var (failing, _) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        var fine = await SubscribeAsync(tenant);
        var stranger = await NewTenantAsync("stranger");

        (await FindAsync(tenant, failing.Id)).Attempts.ShouldHaveSingleItem();
        (await FindAsync(tenant, fine.Id)).Attempts.ShouldBeEmpty();
        (await FindAsync(stranger, failing.Id)).Attempts.ShouldBeEmpty();
        (await FindAsync(tenant, SubscriberId.New(Now))).ShouldBe(RecentFailures.None);
        (await FindAsync(TenantId.New(Now), failing.Id)).ShouldBe(RecentFailures.None);
    }

    [Fact]
    public async Task Failures_are_found_beside_a_long_backlog()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 1);
        await SettleLaterAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1)));
        await AppendManyAsync(tenant, 1_000);

        (await FindAsync(tenant, subscriber.Id)).Attempts.ShouldHaveSingleItem("it is due after all that waits");
        Time.Advance(TimeSpan.FromHours(1));
        await AppendManyAsync(tenant, 1_000);
        var dead = await SubscribeAsync(tenant, "other.*");
        await AppendAsync(tenant, "other.thing");
        await SettleLaterAsync(DeadLetterOf((await ClaimAsync()).Single(lease => lease.Subscriber == dead.Id)));
        await AppendManyAsync(tenant, 500);

        (await FindAsync(tenant, dead.Id)).Attempts.ShouldHaveSingleItem("the others' are not counted");
    }

    private async Task SettleLaterAsync(Settlement settlement)
    {
        await SettleAsync(settlement);
        Tick();
    }

    private Task<RecentFailures> FindAsync(TenantId tenant, SubscriberId subscriber, int limit = 20) =>
        Store.Deliveries.FindFailuresAsync(tenant, subscriber, limit, Cancellation);
}
