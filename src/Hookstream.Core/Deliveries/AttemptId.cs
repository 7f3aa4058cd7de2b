using Hookstream.Core.Ids;

namespace Hookstream.Core.Deliveries;

/// <summary>Identifies one HTTP request of a delivery. Shown as a TypeID with the prefix <c>att</c>; sorts by time of creation.</summary>
public readonly record struct AttemptId(Guid Value) : ITypeId<AttemptId>
{
    /// <inheritdoc/>
    public static string Prefix => "att";

    /// <inheritdoc/>
    public static AttemptId From(Guid value) => new(value);

    /// <summary>Makes a new id, a UUIDv7 stamped with <paramref name="now"/>.</summary>
    public static AttemptId New(DateTimeOffset now) => new(TimeOrderedUuid.New(now));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out AttemptId id)
    {
        var parsed = TypeId.TryParse(Prefix, text, out var value);
        id = new AttemptId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => TypeId.Format(Prefix, Value);
}
