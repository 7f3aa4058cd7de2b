using Hookstream.Core.Ids;

namespace Hookstream.Core.Tenants;

/// <summary>Identifies a tenant. Shown as a TypeID with the prefix <c>ten</c>; sorts by time of creation.</summary>
public readonly record struct TenantId(Guid Value) : ITypeId<TenantId>
{
    /// <inheritdoc/>
    public static string Prefix => "ten";

    /// <inheritdoc/>
    public static TenantId From(Guid value) => new(value);

    /// <summary>Makes a new id, a UUIDv7 stamped with <paramref name="now"/>.</summary>
    public static TenantId New(DateTimeOffset now) => new(TimeOrderedUuid.New(now));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out TenantId id)
    {
        var parsed = TypeId.TryParse(Prefix, text, out var value);
        id = new TenantId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => TypeId.Format(Prefix, Value);
}
