using CsCheck;

namespace Hookstream.Core.Tests.Events;

public sealed class EventFilterTests
{
    private static readonly Gen<string> Segments =
        Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("ab"), Gen.Const("hookstream"), Gen.Const("order"));

    private static readonly Gen<string> Types =
        Segments.Array[1, 4].Select(segments => string.Join('.', segments));

    private static readonly Gen<string> Filters = Gen.Frequency(
        (1, Gen.Const("*")), (3, Types), (4, Types.Select(type => type + ".*")));

    [Theory]
    [InlineData("*")]
    [InlineData("order")]
    [InlineData("order.paid")]
    [InlineData("order.*")]
    [InlineData("order.paid.*")]
    [InlineData("hookstream.*")]
    public void Filter_that_is_well_formed_is_read(string text)
    {
        EventFilter.TryParse(text, out var filter).ShouldBeTrue();
        filter!.Pattern.ShouldBe(text);
        filter.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".*")]
    [InlineData("**")]
    [InlineData("*.paid")]
    [InlineData("order*")]
    [InlineData("order.*.late")]
    [InlineData("order..*")]
    [InlineData("order.**")]
    [InlineData("order.pa*")]
    [InlineData(" order.paid")]
    [InlineData("ordér.*")]
    public void Filter_that_is_not_well_formed_is_refused(string? text)
    {
        EventFilter.TryParse(text, out var filter).ShouldBeFalse();
        filter.ShouldBeNull();
    }

    [Theory]
    [InlineData("order.paid", "order.paid", true)]
    [InlineData("order.paid", "order.paid.late", false)]
    [InlineData("order.paid", "order", false)]
    [InlineData("order.paid", "ORDER.paid", false)]
    [InlineData("order.*", "order.paid", true)]
    [InlineData("order.*", "order.paid.late", true)]
    [InlineData("order.*", "order", false)]
    [InlineData("order.*", "orders.paid", false)]
    [InlineData("order.*", "my.order.paid", false)]
    [InlineData("*", "order", true)]
    [InlineData("*", "order.paid.late", true)]
    [InlineData("*", "hookstream.test", false)]
    [InlineData("*", "hookstreams.test", true)]
    [InlineData("hookstream.*", "hookstream.test", true)]
    [InlineData("hookstream.test", "hookstream.test", true)]
    public void Filter_matches(string filter, string type, bool matches)
    {
        EventFilter.TryParse(filter, out var parsed).ShouldBeTrue();

        parsed!.Matches(EventType.FromStore(type)).ShouldBe(matches);
    }

    [Fact]
    public void Filter_matches_exactly_what_comparing_segment_by_segment_does() =>
        Gen.Select(Filters, Types).Sample((filter, type) =>
        {
            EventFilter.TryParse(filter, out var parsed).ShouldBeTrue();
            return parsed!.Matches(EventType.FromStore(type)) == MatchesSegmentBySegment(filter, type);
        });

    [Fact]
    public void Filters_with_the_same_pattern_are_equal()
    {
        EventFilter.TryParse("order.*", out var one).ShouldBeTrue();
        EventFilter.TryParse("order.*", out var two).ShouldBeTrue();
        EventFilter.TryParse("order.paid", out var three).ShouldBeTrue();

        one.ShouldBe(two);
        one.ShouldNotBe(three);
    }

    [Fact]
    public void Settings_want_what_any_of_their_filters_matches()
    {
        EventFilter.TryParse("order.*", out var order).ShouldBeTrue();
        EventFilter.TryParse("invoice.sent", out var invoice).ShouldBeTrue();
        var settings = new SubscriberSettings { Url = new Uri("https://a.example"), Events = [order!, invoice!] };

        settings.Wants(EventType.FromStore("order.paid")).ShouldBeTrue();
        settings.Wants(EventType.FromStore("invoice.sent")).ShouldBeTrue();
        settings.Wants(EventType.FromStore("invoice.paid")).ShouldBeFalse();
    }

    private static bool MatchesSegmentBySegment(string filter, string type)
    {
        var wanted = filter.Split('.');
        var segments = type.Split('.');
        if (filter == "*")
            return segments[0] != "hookstream" || segments.Length == 1;
        return wanted[^1] == "*"
            ? segments.Length >= wanted.Length && segments.Take(wanted.Length - 1).SequenceEqual(wanted[..^1])
            : segments.SequenceEqual(wanted);
    }
}
