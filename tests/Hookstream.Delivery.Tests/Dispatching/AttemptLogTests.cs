using Hookstream.Core.Signing;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class AttemptLogTests
{
    private static readonly string[] Names =
    [
        "tenant", "event", "event_type", "delivery", "endpoint", "attempt", "trigger", "outcome", "status_code", "duration_ms",
        "status", "next_attempt_at", "trace_id",
    ];

    [Theory]
    [InlineData(200, "delivered", "delivered", false)]
    [InlineData(500, "http_status", "failed", true)]
    [InlineData(410, "http_status", "dead_letter", false)]
    public async Task Line_tells_everything_about_an_attempt(int answered, string outcome, string status, bool again)
    {
        await using var receiver = await WebReceiver.StartAsync(answered);
        await using var host = new WorkerHost();
        var work = Sample.Work(Sample.Endpoint(receiver.Url)) with { AttemptCount = 2 };
        host.Deliveries.Add(work);
        await host.StartAsync();
        var settlement = (await host.SettledAsync(1)).Single();
        await Eventually.HoldsAsync(() => host.Log.Count(300) == 1, "the attempt is logged");

        var line = host.Log.Lines.Single(line => line.Id == 300);

        line.Level.ShouldBe(LogLevel.Information);
        line.Properties.Keys.Where(name => name[0] != '{').ShouldBe(Names);
        line.Properties["tenant"].ShouldBe(work.Lease.Tenant);
        line.Properties["event"].ShouldBe(work.Event);
        line.Properties["event_type"].ShouldBe("payment.completed");
        line.Properties["delivery"].ShouldBe(work.Lease.Delivery);
        line.Properties["endpoint"].ShouldBe(work.Lease.Subscriber);
        line.Properties["attempt"].ShouldBe(3);
        line.Properties["trigger"].ShouldBe("schedule");
        line.Properties["outcome"].ShouldBe(outcome);
        line.Properties["status_code"].ShouldBe(answered);
        line.Properties["duration_ms"].ShouldBeOfType<double>().ShouldBeGreaterThan(0);
        line.Properties["status"].ShouldBe(status);
        var next = (DateTimeOffset?)line.Properties["next_attempt_at"];
        next.HasValue.ShouldBe(again);
        if (again)
            (next!.Value - TimeProvider.System.GetUtcNow()).ShouldBe(settlement.RetryIn, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(0, "pending")]
    [InlineData(1, "failed")]
    public void Interrupted_attempt_leaves_the_status_as_it_was(int failures, string status)
    {
        var log = new RecordedLog();
        var work = Sample.Work(Sample.Endpoint(new Uri("http://localhost/"))) with { Failures = failures };

        log.AttemptMade(work, null, Settled(work, AttemptOutcome.Interrupted, Disposition.Release), Sample.Now);

        var properties = log.Lines.Single().Properties;
        properties["status"].ShouldBe(status);
        properties["status_code"].ShouldBeNull();
        properties["next_attempt_at"].ShouldBe(Sample.Now);
    }

    [Fact]
    public async Task Line_holds_neither_payload_nor_secret_nor_response()
    {
        await using var receiver = await WebReceiver.StartAsync((context, _) => context.Response.WriteAsync("the-answer"));
        await using var host = new WorkerHost();
        var secret = SigningSecret.Generate();
        host.Deliveries.Add(Sample.Work(
            Sample.Endpoint(receiver.Url, secrets: new SigningSecrets(secret)), """{"card":"the-payload"}"""));
        await host.StartAsync();
        await host.SettledAsync(1);
        await Eventually.HoldsAsync(() => host.Log.Count(300) == 1, "the attempt is logged");

        var everything = string.Join('\n', host.Log.Lines.Select(line => $"{line.Text} {string.Join(' ', line.Properties.Values)}"));

        everything.ShouldContain("payment.completed");
        everything.ShouldNotContain("the-payload");
        everything.ShouldNotContain("the-answer");
        everything.ShouldNotContain(secret.Text["whsec_".Length..]);
        everything.ShouldNotContain("sha256=");
    }

    [Fact]
    public void Line_that_nobody_wants_allocates_nothing()
    {
        var work = Sample.Work(Sample.Endpoint(new Uri("http://localhost/")));
        var settlement = Settled(work, AttemptOutcome.Delivered, Disposition.Delivered);
        NullLogger.Instance.AttemptMade(work, null, settlement, Sample.Now);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            NullLogger.Instance.AttemptMade(work, null, settlement, Sample.Now);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Settlement Settled(DeliveryWork work, AttemptOutcome outcome, Disposition disposition) => new()
    {
        Lease = work.Lease,
        Disposition = disposition,
        Attempt = new Attempt
        {
            Id = AttemptId.New(Sample.Now),
            Number = 1,
            Trigger = AttemptTrigger.Schedule,
            StartedAt = Sample.Now,
            Duration = TimeSpan.FromMilliseconds(12),
            Outcome = outcome,
            RequestHeaders = "{}"u8.ToArray(),
        },
    };
}
