using CsCheck;
using Hookstream.Core.Retries;

namespace Hookstream.Core.Tests.Retries;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("0ms", 0)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("3d", 259_200_000)]
    [InlineData("007s", 7_000)]
    [InlineData("36525d", 3_155_760_000_000)]
    public void Duration_that_is_well_formed_is_read(string text, long milliseconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("1.5s")]
    [InlineData("5 s")]
    [InlineData(" 5s")]
    [InlineData("5s ")]
    [InlineData("5S")]
    [InlineData("5sec")]
    [InlineData("5w")]
    [InlineData("1h30m")]
    [InlineData("٣s")]
    [InlineData("36526d")]
    [InlineData("999999999999999d")]
    [InlineData("99999999999999999999s")]
    public void Duration_that_is_not_well_formed_is_refused(string? text) =>
        DurationText.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(1_500, "1500ms")]
    [InlineData(90_000, "90s")]
    [InlineData(120_000, "2m")]
    [InlineData(86_400_000, "1d")]
    public void Duration_is_written_in_the_largest_unit_that_holds_it(long milliseconds, string text) =>
        DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void Duration_read_back_is_what_was_written() =>
        Gen.Long[0, 36_525L * 86_400_000].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).Sample(duration =>
            DurationText.TryParse(DurationText.Format(duration), out var back) && back == duration);
}
