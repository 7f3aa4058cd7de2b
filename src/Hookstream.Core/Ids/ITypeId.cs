namespace Hookstream.Core.Ids;

/// <summary>What the strong ids share, so that one parser and one column mapping serve all of them.</summary>
/// <typeparam name="TSelf">The id itself.</typeparam>
public interface ITypeId<TSelf> : IUtf8SpanFormattable
    where TSelf : struct, ITypeId<TSelf>
{
    /// <summary>The TypeID prefix, without underscore.</summary>
    static abstract string Prefix { get; }

    /// <summary>The UUIDv7 behind the id.</summary>
    Guid Value { get; }

    /// <summary>Wraps a stored value.</summary>
    static abstract TSelf From(Guid value);

    /// <summary>Parses the shown form; false when it is not a well-formed id of this kind.</summary>
    static abstract bool TryParse(ReadOnlySpan<char> text, out TSelf id);

    /// <inheritdoc/>
    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TypeId.TryFormat(TSelf.Prefix, Value, utf8Destination, out bytesWritten);
}
