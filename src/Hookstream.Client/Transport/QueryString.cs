using System.Globalization;

namespace Hookstream.Client.Transport;

/// <summary>The query of a request; immutable, so that one filter serves every page of its list.</summary>
internal readonly struct QueryString
{
    private readonly string? _text;

    private QueryString(string text) => _text = text;

    public QueryString Add(string name, string? value) =>
        value is null ? this : new QueryString($"{_text}{(_text is null ? '?' : '&')}{name}={Uri.EscapeDataString(value)}");

    public QueryString Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryString Add(string name, DateTimeOffset? value) =>
        Add(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public override string ToString() => _text ?? "";
}
