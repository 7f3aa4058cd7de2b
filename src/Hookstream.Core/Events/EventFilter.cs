namespace Hookstream.Core.Events;

/// <summary>
/// What a subscriber wants: an exact type; <c>order.*</c>, which is one or more further segments and not <c>order</c>
/// itself; or <c>*</c>, which is everything but <c>hookstream.*</c>.
/// </summary>
public sealed record EventFilter
{
    /// <summary>What is accepted, for error messages.</summary>
    public const string Accepted = "an event type such as 'order.paid', a prefix such as 'order.*', or '*'";

    private readonly string? _prefix;

    private EventFilter(string pattern)
    {
        Pattern = pattern;
        _prefix = pattern.EndsWith(".*", StringComparison.Ordinal) ? pattern[..^1] : null;
    }

    /// <summary>The filter as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Parses a filter; false when it is none of the three forms.</summary>
    public static bool TryParse(string? text, out EventFilter? filter)
    {
        var wellFormed = text is not null
            && (text == "*"
                || (text.EndsWith(".*", StringComparison.Ordinal)
                    ? EventType.IsWellFormed(text.AsSpan(0, text.Length - 2))
                    : EventType.IsWellFormed(text)));
        filter = wellFormed ? new EventFilter(text!) : null;
        return wellFormed;
    }

    /// <summary>True when one of them wants an event of this type.</summary>
    public static bool AnyMatches(IReadOnlyList<EventFilter> filters, EventType type)
    {
        foreach (var filter in filters)
        {
            if (filter.Matches(type))
                return true;
        }

        return false;
    }

    /// <summary>True when an event of this type is wanted.</summary>
    public bool Matches(EventType type) =>
        _prefix is not null
            ? type.Value.Length > _prefix.Length && type.Value.StartsWith(_prefix, StringComparison.Ordinal)
            : Pattern == "*"
                ? !type.Value.StartsWith("hookstream.", StringComparison.Ordinal)
                : Pattern == type.Value;

    /// <inheritdoc/>
    public override string ToString() => Pattern;
}
