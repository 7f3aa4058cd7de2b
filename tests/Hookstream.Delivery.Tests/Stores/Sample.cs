using System.Text;
using Hookstream.Core.Signing;

namespace Hookstream.Delivery.Tests.Stores;

/// <summary>Endpoints and deliveries to test with.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly TenantId Tenant = TenantId.New(Now);

    public static EndpointSnapshot Endpoint(
        Uri url, Func<SubscriberSettings, SubscriberSettings>? change = null, SigningSecrets? secrets = null)
    {
        var filter = EventFilter.TryParse("*", out var all) ? all : null;
        var settings = new SubscriberSettings { Url = url, Events = [filter!] };
        var subscriber = new Subscriber(
            SubscriberId.New(Now),
            Tenant,
            change is null ? settings : change(settings),
            new EndpointGate { OpenedAt = DateTimeOffset.MinValue },
            Now,
            Now);
        return new EndpointSnapshot(subscriber, secrets ?? new SigningSecrets(SigningSecret.Generate()));
    }

    public static DeliveryWork Work(
        EndpointSnapshot endpoint, string payload = """{"amount":1}""", DateTimeOffset? waitingSince = null) => new()
    {
        Lease = new Lease(DeliveryId.New(Now), Tenant, endpoint.Id, 1, 0),
        Endpoint = endpoint,
        Event = EventId.New(Now),
        EventType = EventType.FromStore("payment.completed"),
        EventTimestamp = Now,
        Payload = Encoding.UTF8.GetBytes(payload),
        AttemptCount = 0,
        Failures = 0,
        Trigger = AttemptTrigger.Schedule,
        WaitingSince = waitingSince ?? TimeProvider.System.GetUtcNow(),
    };
}
