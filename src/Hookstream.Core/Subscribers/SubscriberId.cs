using Hookstream.Core.Ids;

namespace Hookstream.Core.Subscribers;

/// <summary>Identifies a subscriber, that is, an endpoint and what it wants. Shown as a TypeID with the prefix <c>sub</c>; sorts by time of creation.</summary>
public readonly record struct SubscriberId(Guid Value) : ITypeId<SubscriberId>
{
    /// <inheritdoc/>
    public static string Prefix => "sub";

    /// <inheritdoc/>
    public static SubscriberId From(Guid value) => new(value);

    /// <summary>Makes a new id, a UUIDv7 stamped with <paramref name="now"/>.</summary>
    public static SubscriberId New(DateTimeOffset now) => new(TimeOrderedUuid.New(now));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out SubscriberId id)
    {
        var parsed = TypeId.TryParse(Prefix, text, out var value);
        id = new SubscriberId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => TypeId.Format(Prefix, Value);
}
