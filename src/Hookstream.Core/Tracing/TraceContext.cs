using System.Diagnostics;

namespace Hookstream.Core.Tracing;

/// <summary>
/// Which trace something belongs to, and the span that it goes on from: the headers of
/// <see href="https://www.w3.org/TR/trace-context/">W3C Trace Context</see>, level 1.
/// </summary>
/// <param name="Parent">The value of <c>traceparent</c>.</param>
/// <param name="State">The value of <c>tracestate</c>; null: there is none.</param>
public sealed record TraceContext(string Parent, string? State)
{
    /// <summary>The name of <c>traceparent</c>.</summary>
    public const string ParentHeader = "traceparent";

    /// <summary>The name of <c>tracestate</c>.</summary>
    public const string StateHeader = "tracestate";

    // Section 3.3.1.5: at least so many are passed on. Longer ones are dropped whole.
    private const int MaxState = 512;

    // Version 00 has 55; a later one may have more behind it.
    private const int MaxParent = 128;

    private const int TraceIdStart = 3;
    private const int TraceIdLength = 32;

    // Events that were posted together have one context, and are read one after the other.
    [ThreadStatic]
    private static string? _lastTextOfThread;

    [ThreadStatic]
    private static TraceContext? _lastOfThread;

    /// <summary>The trace's id, 32 hexadecimal digits.</summary>
    public string TraceId => TraceIdDigits.ToString();

    /// <summary><see cref="TraceId"/>, of which no string is made.</summary>
    public ReadOnlySpan<char> TraceIdDigits => Parent.AsSpan(TraceIdStart, TraceIdLength);

    /// <summary>What goes on from this span.</summary>
    public static TraceContext Of(Activity span) =>
        new(span.Id!, span.TraceStateString is { Length: > 0 } state ? state : null);

    /// <summary>Reads the headers; null when there is no context in them, or none that is valid.</summary>
    public static TraceContext? Read(string? parent, string? state)
    {
        if (parent is not { Length: > 0 and <= MaxParent } || !ActivityContext.TryParse(parent, null, out _))
            return null;
        return new TraceContext(parent, IsSane(state) ? state : null);
    }

    /// <summary>What <see cref="ToText"/> has written; the one of before where it has written the same.</summary>
    public static TraceContext? FromText(string? text)
    {
        if (text is null)
            return null;
        if (text == _lastTextOfThread)
            return _lastOfThread;
        _lastTextOfThread = text;
        return _lastOfThread = Parse(text);
    }

    /// <summary>As it is stored: the two values with a space between them.</summary>
    public string ToText() => State is null ? Parent : $"{Parent} {State}";

    /// <summary>The parent of the span that goes on from here.</summary>
    public ActivityContext ToParent() =>
        ActivityContext.TryParse(Parent, State, isRemote: true, out var context) ? context : default;

    private static TraceContext Parse(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new TraceContext(text, null) : new TraceContext(text[..end], text[(end + 1)..]);
    }

    private static bool IsSane(string? state) =>
        state is { Length: > 0 and <= MaxState } && !state.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
