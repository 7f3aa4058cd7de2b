using Hookstream.Core.Ids;

namespace Hookstream.Core.Events;

/// <summary>Identifies an event. Shown as a TypeID with the prefix <c>evt</c>; sorts by time of creation.</summary>
public readonly record struct EventId(Guid Value) : ITypeId<EventId>
{
    /// <inheritdoc/>
    public static string Prefix => "evt";

    /// <inheritdoc/>
    public static EventId From(Guid value) => new(value);

    /// <summary>Makes a new id, a UUIDv7 stamped with <paramref name="now"/>.</summary>
    public static EventId New(DateTimeOffset now) => new(TimeOrderedUuid.New(now));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out EventId id)
    {
        var parsed = TypeId.TryParse(Prefix, text, out var value);
        id = new EventId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => TypeId.Format(Prefix, Value);
}
