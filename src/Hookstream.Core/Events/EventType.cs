using System.Buffers;

namespace Hookstream.Core.Events;

/// <summary>
/// The type of an event, such as <c>payment.completed</c>: 1 to 256 characters, segments of <c>[A-Za-z0-9_-]</c> joined by
/// single dots.
/// </summary>
public readonly record struct EventType
{
    /// <summary>Most characters of a type.</summary>
    public const int MaxLength = 256;

    /// <summary>What is accepted, for error messages.</summary>
    public const string Accepted = "1 to 256 characters: segments of A-Z, a-z, 0-9, '_' and '-' joined by single dots";

    private static readonly SearchValues<char> TypeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private EventType(string value) => Value = value;

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>True for <c>hookstream.*</c> and <c>webhook.*</c>, which clients cannot post.</summary>
    public bool IsReserved =>
        Value.StartsWith("hookstream.", StringComparison.Ordinal) || Value.StartsWith("webhook.", StringComparison.Ordinal)
        || Value is "hookstream" or "webhook";

    /// <summary>Parses a type; false when it is not well-formed.</summary>
    public static bool TryParse(string? text, out EventType type)
    {
        type = default;
        if (text is null || !IsWellFormed(text))
            return false;
        type = new EventType(text);
        return true;
    }

    /// <summary>Wraps a type that has been checked before, such as one read from the store.</summary>
    public static EventType FromStore(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    internal static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLength
        && !text.ContainsAnyExcept(TypeCharacters)
        && text[0] != '.'
        && text[^1] != '.'
        && !text.Contains("..", StringComparison.Ordinal);
}
