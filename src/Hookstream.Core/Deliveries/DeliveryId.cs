using Hookstream.Core.Ids;

namespace Hookstream.Core.Deliveries;

/// <summary>Identifies the delivery of one event to one subscriber. Shown as a TypeID with the prefix <c>dlv</c>; sorts by time of creation.</summary>
public readonly record struct DeliveryId(Guid Value) : ITypeId<DeliveryId>
{
    /// <inheritdoc/>
    public static string Prefix => "dlv";

    /// <inheritdoc/>
    public static DeliveryId From(Guid value) => new(value);

    /// <summary>Makes a new id, a UUIDv7 stamped with <paramref name="now"/>.</summary>
    public static DeliveryId New(DateTimeOffset now) => new(TimeOrderedUuid.New(now));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out DeliveryId id)
    {
        var parsed = TypeId.TryParse(Prefix, text, out var value);
        id = new DeliveryId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => TypeId.Format(Prefix, Value);
}
