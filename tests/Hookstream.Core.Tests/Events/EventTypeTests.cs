using CsCheck;

namespace Hookstream.Core.Tests.Events;

public sealed class EventTypeTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("order.paid")]
    [InlineData("Order_1.paid-late.X")]
    [InlineData("0.1.2")]
    [InlineData("-._")]
    public void Type_that_is_well_formed_is_read(string text)
    {
        EventType.TryParse(text, out var type).ShouldBeTrue();
        type.Value.ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a.*")]
    [InlineData("*")]
    [InlineData("ä")]
    [InlineData("a\0b")]
    [InlineData("a\n")]
    [InlineData("a/b")]
    public void Type_that_is_not_well_formed_is_refused(string? text) => EventType.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Type_is_at_most_256_characters(int length, bool accepted) =>
        EventType.TryParse(new string('a', length), out _).ShouldBe(accepted);

    [Theory]
    [InlineData("hookstream", true)]
    [InlineData("hookstream.test", true)]
    [InlineData("webhook", true)]
    [InlineData("webhook.verify", true)]
    [InlineData("hookstreams.test", false)]
    [InlineData("webhooks.verify", false)]
    [InlineData("my.hookstream.test", false)]
    [InlineData("Hookstream.test", false)]
    public void Type_is_reserved_when_it_is_ours(string text, bool reserved) =>
        EventType.FromStore(text).IsReserved.ShouldBe(reserved);

    [Fact]
    public void Type_is_accepted_exactly_when_every_segment_is() =>
        Gen.Char["ab_.- *"].Array[0, 12].Select(chars => new string(chars)).Sample(text =>
            EventType.TryParse(text, out _) == text.Split('.').All(segment =>
                segment.Length > 0 && segment.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')));
}
