using System.Text;
using Hookstream.Core.Signing;

namespace Hookstream.Core.Tests.Signing;

public sealed class SigningSecretTests
{
    [Fact]
    public void Generated_secret_has_the_prefix_and_32_bytes_and_is_read_back()
    {
        var secret = SigningSecret.Generate();

        secret.Text.ShouldStartWith("whsec_");
        secret.Key.Length.ShouldBe(32);
        SigningSecret.TryParse(secret.Text, out var parsed).ShouldBeTrue();
        parsed!.Key.ShouldBe(secret.Key);
        SigningSecret.Generate().Text.ShouldNotBe(secret.Text);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(32, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Secret_holds_24_to_64_bytes(int length, bool accepted)
    {
        var encoded = Convert.ToBase64String(new byte[length]);

        SigningSecret.TryParse(encoded, out _).ShouldBe(accepted);
        SigningSecret.TryParse("whsec_" + encoded, out _).ShouldBe(accepted);
    }

    [Fact]
    public void Secret_of_64_hex_digits_is_base64_too()
    {
        var hex = Convert.ToHexStringLower(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

        SigningSecret.TryParse(hex, out var secret).ShouldBeTrue();

        secret!.Text.ShouldBe(hex);
        secret.TextKey.ShouldBe(Encoding.UTF8.GetBytes(hex));
        secret.Key.Length.ShouldBe(48);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("not base64 at all, not at all!!!!!!!")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_MfKQ9r8GKYqrTwjU")]
    [InlineData("MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=")]
    public void Secret_that_is_not_well_formed_is_refused(string? text)
    {
        SigningSecret.TryParse(text, out var secret).ShouldBeFalse();
        secret.ShouldBeNull();
    }

    [Fact]
    public void Secret_does_not_reveal_itself()
    {
        var secret = SigningSecret.Generate();

        $"{secret}".ShouldNotContain(secret.Text[10..20]);
        new SigningSecrets(secret).ToString().ShouldNotContain(secret.Text[10..20]);
    }

    [Fact]
    public void Previous_secret_lives_until_its_grace_period_ends()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var previous = SigningSecret.Generate();
        var secrets = new SigningSecrets(SigningSecret.Generate(), previous, now);

        secrets.LivePrevious(now - TimeSpan.FromMilliseconds(1)).ShouldBe(previous);
        secrets.LivePrevious(now).ShouldBeNull();
        new SigningSecrets(SigningSecret.Generate()).LivePrevious(now).ShouldBeNull();
    }
}
