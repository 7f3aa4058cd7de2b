using Hookstream.Core.Ids;

namespace Hookstream.Core.Tenants;

/// <summary>Identifies an API key. Shown as a TypeID with the prefix <c>key</c>; sorts by time of creation.</summary>
public readonly record struct ApiKeyId(Guid Value) : ITypeId<ApiKeyId>
{
    /// <inheritdoc/>
    public static string Prefix => "key";

    /// <inheritdoc/>
    public static ApiKeyId From(Guid value) => new(value);

    /// <summary>Makes a new id, a UUIDv7 stamped with <paramref name="now"/>.</summary>
    public static ApiKeyId New(DateTimeOffset now) => new(TimeOrderedUuid.New(now));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiKeyId id)
    {
        var parsed = TypeId.TryParse(Prefix, text, out var value);
        id = new ApiKeyId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => TypeId.Format(Prefix, Value);
}
