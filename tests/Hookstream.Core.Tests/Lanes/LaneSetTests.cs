using Hookstream.Core.Signing;
using Hookstream.Core.Lanes;
using Hookstream.Core.Catalogs;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Core.Tests.Lanes;

/// <summary>The memory of the lanes does not depend on what passes through them.</summary>
public sealed class LaneSetTests
{
    [Fact]
    public void Timer_that_is_overtaken_again_and_again_is_one_timer()
    {
        var time = new FakeTimeProvider();
        var lanes = new LaneSet(time);
        var lane = NewLane(time.GetUtcNow());
        lanes.Signal(lane, 2, In(TimeSpan.FromHours(2)));

        for (var i = 0; i < 1_000; i++)
        {
            lanes.Signal(lane, 1, In(TimeSpan.FromSeconds(1)));
            time.Advance(TimeSpan.FromSeconds(1));
            lock (lanes.Gate)
            {
                lanes.BeginClaim(In(TimeSpan.Zero));
                lanes.Next(1, In(TimeSpan.Zero)).ShouldNotBeNull();
                lanes.Next(1, In(TimeSpan.Zero)).ShouldBeNull();
            }
        }

        lanes.Timers.ShouldBe(1);

        long In(TimeSpan wait) => (time.GetUtcNow() + wait).ToUnixTimeMilliseconds();
    }

    private static Lane NewLane(DateTimeOffset now)
    {
        EventFilter.TryParse("*", out var filter).ShouldBeTrue();
        var settings = new SubscriberSettings { Url = new Uri("https://receiver.example/"), Events = [filter!] };
        var gate = new EndpointGate { Verification = VerificationMode.None, OpenedAt = now };
        var subscriber = new Subscriber(SubscriberId.New(now), TenantId.New(now), settings, gate, now, now);
        return new SubscriberEntry(
            1, 1, new EndpointSnapshot(subscriber, new SigningSecrets(SigningSecret.Generate())), cancelling: false).Lane;
    }
}
