using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Hookstream.Api.Json;

/// <summary>Reads strings without throwing at what is legal JSON but no text.</summary>
internal static class JsonText
{
    /// <summary>
    /// The text of the string or name that the reader stands on, whose bytes are known to be UTF-8. False when it is half of
    /// a surrogate pair, which JSON can escape and no text can hold.
    /// </summary>
    public static bool TryGet(ref Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        if (!reader.ValueIsEscaped)
        {
            text = Encoding.UTF8.GetString(reader.ValueSpan);
            return true;
        }

        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }
}
