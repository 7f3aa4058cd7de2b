using Hookstream.Core.Deliveries;
using Hookstream.Core.Events;
using Hookstream.Core.Signing;
using Hookstream.Core.Subscribers;
using Hookstream.Core.Tenants;
using Hookstream.Core.Tracing;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>A delivery that arrived at the first attempt, of an event that was posted within a trace.</summary>
internal static class TelemetrySample
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DeliveryWork Work = CreateWork();

    public static readonly Attempt Attempt = new()
    {
        Id = AttemptId.New(Now),
        Number = 1,
        Trigger = AttemptTrigger.Schedule,
        StartedAt = Now,
        Duration = TimeSpan.FromMilliseconds(3.25),
        Outcome = AttemptOutcome.Delivered,
        StatusCode = 200,
        RequestHeaders = "{}"u8.ToArray(),
    };

    public static readonly Settlement Settlement = new()
    {
        Lease = Work.Lease,
        Disposition = Disposition.Delivered,
        Attempt = Attempt,
    };

    private static DeliveryWork CreateWork()
    {
        if (!EventFilter.TryParse("*", out var all))
            throw new InvalidOperationException("the filter was refused");
        var tenant = TenantId.New(Now);
        var subscriber = new Subscriber(
            SubscriberId.New(Now),
            tenant,
            new SubscriberSettings { Url = new Uri("https://hooks.example:8443/hook"), Events = [all!] },
            new EndpointGate { OpenedAt = Now },
            Now,
            Now);
        return new DeliveryWork
        {
            Lease = new Lease(DeliveryId.New(Now), tenant, subscriber.Id, 0, 1),
            Endpoint = new EndpointSnapshot(subscriber, new SigningSecrets(SigningSecret.Generate())),
            Event = EventId.New(Now),
            EventType = EventType.FromStore("payment.completed"),
            EventTimestamp = Now,
            Payload = "{}"u8.ToArray(),
            AttemptCount = 0,
            Failures = 0,
            Trigger = AttemptTrigger.Schedule,
            WaitingSince = Now,
            Trace = new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null),
        };
    }
}
