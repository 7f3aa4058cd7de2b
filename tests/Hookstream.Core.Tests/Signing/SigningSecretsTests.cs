using Hookstream.Core.Signing;

namespace Hookstream.Core.Tests.Signing;

public sealed class SigningSecretsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SigningSecret _first = SigningSecret.Generate();
    private readonly SigningSecret _second = SigningSecret.Generate();
    private readonly SigningSecret _third = SigningSecret.Generate();

    [Fact]
    public void Rotation_keeps_the_secret_before_it_until_the_grace_period_ends()
    {
        var rotated = new SigningSecrets(_first).Rotate(_second, Day, Now);

        rotated.ShouldBe(new SigningSecrets(_second, _first, Now + Day));
        rotated.LivePrevious(Now + Day - TimeSpan.FromMilliseconds(1)).ShouldBe(_first);
        rotated.LivePrevious(Now + Day).ShouldBeNull();
    }

    [Fact]
    public void Rotation_without_a_grace_period_leaves_one_secret() =>
        new SigningSecrets(_first).Rotate(_second, TimeSpan.Zero, Now).ShouldBe(new SigningSecrets(_second));

    [Fact]
    public void Second_rotation_drops_the_oldest_of_three() =>
        new SigningSecrets(_first).Rotate(_second, Day, Now).Rotate(_third, Day, Now)
            .ShouldBe(new SigningSecrets(_third, _second, Now + Day));

    [Fact]
    public void Rotation_back_swaps_the_two() =>
        new SigningSecrets(_first).Rotate(_second, Day, Now).Rotate(_first, Day, Now)
            .ShouldBe(new SigningSecrets(_first, _second, Now + Day));

    [Fact]
    public void Newest_secret_given_again_changes_the_grace_period_only()
    {
        SigningSecret.TryParse(_second.Text, out var again).ShouldBeTrue();
        var rotated = new SigningSecrets(_first).Rotate(_second, Day, Now);

        var repeated = rotated.Rotate(again!, 2 * Day, Now);

        repeated.Previous.ShouldBe(_first, "whoever repeats a call has not switched anything yet");
        repeated.PreviousExpiresAt.ShouldBe(Now + (2 * Day));
        rotated.Rotate(again!, TimeSpan.Zero, Now).Previous.ShouldBeNull();
        rotated.Rotate(again!, Day, Now + Day).Previous.ShouldBeNull("what has ended does not come back");
    }
}
