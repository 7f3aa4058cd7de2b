using System.Diagnostics;
using Hookstream.Core.Tracing;

namespace Hookstream.Core.Tests.Tracing;

public sealed class TraceContextTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = $"00-{TraceId}-00f067aa0ba902b7-01";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("anything at all, an injection\r\nX-Evil: 1 for example, is none")]
    public void What_is_no_traceparent_is_no_context(string? parent) => TraceContext.Read(parent, "a=1").ShouldBeNull();

    [Theory]
    [InlineData("rojo=1,congo=2", true)]
    [InlineData("", false)]
    [InlineData("a=1\r\nX-Evil: 1", false)]
    [InlineData("a=ü", false)]
    public void State_is_kept_where_it_may_be_a_header(string state, bool kept) =>
        TraceContext.Read(Parent, state).ShouldBe(new TraceContext(Parent, kept ? state : null));

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void State_has_at_most_512_characters(int length, bool kept) =>
        (TraceContext.Read(Parent, "a=" + new string('x', length - 2))!.State is not null).ShouldBe(kept);

    [Theory]
    [InlineData(null)]
    [InlineData("rojo=1, congo=2")]
    public void Text_is_read_as_what_was_written(string? state)
    {
        var context = new TraceContext(Parent, state);

        TraceContext.FromText(context.ToText()).ShouldBe(context);
        TraceContext.FromText(null).ShouldBeNull();
        context.TraceId.ShouldBe(TraceId);
    }

    [Fact]
    public void Text_is_read_as_itself_whatever_was_read_before()
    {
        var (one, other) = (new TraceContext(Parent, null), new TraceContext(Parent, "rojo=1"));

        TraceContext[] contexts = [one, one, other, one, other, other];

        contexts.Select(context => TraceContext.FromText(context.ToText())).ShouldBe(contexts);
    }

    [Fact]
    public void Span_that_goes_on_from_it_is_its_child_and_gives_its_own_on()
    {
        using var span = new Activity("test").SetParentId(Parent);
        span.TraceStateString = "rojo=1";
        span.Start();

        var context = TraceContext.Of(span);

        var parent = context.ToParent();
        parent.IsRemote.ShouldBeTrue();
        parent.TraceId.ToHexString().ShouldBe(TraceId);
        parent.SpanId.ShouldBe(span.SpanId);
        parent.TraceState.ShouldBe("rojo=1");
        context.State.ShouldBe("rojo=1");
    }
}
