namespace Hookstream.Core.Tests.Subscribers;

public sealed class EndpointGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, null, VerificationMode.None, false, SubscriberStatus.Active, null)]
    [InlineData(false, null, VerificationMode.Optional, false, SubscriberStatus.Active, null)]
    [InlineData(false, null, VerificationMode.Required, false, SubscriberStatus.PendingVerification, HoldReason.Unverified)]
    [InlineData(false, null, VerificationMode.Required, true, SubscriberStatus.Active, null)]
    [InlineData(true, null, VerificationMode.Required, false, SubscriberStatus.Paused, HoldReason.Paused)]
    [InlineData(true, null, VerificationMode.None, true, SubscriberStatus.Paused, HoldReason.Paused)]
    [InlineData(true, "gone", VerificationMode.None, true, SubscriberStatus.Disabled, null)]
    [InlineData(false, "gone", VerificationMode.Required, false, SubscriberStatus.Disabled, null)]
    public void Gate_shows_the_strongest_of_what_shuts_it(
        bool paused, string? disabled, VerificationMode mode, bool verified, SubscriberStatus status, HoldReason? hold)
    {
        var gate = new EndpointGate
        {
            Paused = paused,
            DisabledReason = disabled,
            Verification = mode,
            VerifiedAt = verified ? Now : null,
        };

        gate.Status.ShouldBe(status);
        gate.HoldReason.ShouldBe(hold);
        gate.IsOpen(Now).ShouldBe(status == SubscriberStatus.Active);
    }

    [Fact]
    public void Gate_is_shut_until_the_moment_the_block_ends_and_holds_nothing_meanwhile()
    {
        var gate = new EndpointGate { BlockedUntil = Now };

        gate.IsOpen(Now - TimeSpan.FromMilliseconds(1)).ShouldBeFalse();
        gate.IsOpen(Now).ShouldBeTrue();
        gate.HoldReason.ShouldBeNull();
        gate.Status.ShouldBe(SubscriberStatus.Active);
    }
}
