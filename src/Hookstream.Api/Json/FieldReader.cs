using System.Globalization;
using System.Text.Json;
using Hookstream.Api.Problems;
using Hookstream.Core.Ids;

namespace Hookstream.Api.Json;

/// <summary>
/// Reads the fields of a body by name. Null stands for a field that is absent, null or not valid; of the last, and only of
/// it, the errors tell.
/// </summary>
internal sealed class FieldReader
{
    private static readonly JsonDocumentOptions UniqueNames = new() { AllowDuplicateProperties = false };

    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    private FieldReader(ValidationErrors errors) => Errors = errors;

    public ValidationErrors Errors { get; }

    /// <summary>A body that was left out.</summary>
    public static FieldReader Empty(ValidationErrors errors) => new(errors);

    /// <summary>Takes apart an object; notes unknown and repeated fields, and says of those that are changed elsewhere where.</summary>
    public static FieldReader Of(
        JsonElement body,
        IReadOnlyCollection<string> known,
        ValidationErrors errors,
        IReadOnlyDictionary<string, string>? elsewhere = null)
    {
        var reader = new FieldReader(errors);
        foreach (var property in body.EnumerateObject())
        {
            if (elsewhere?.GetValueOrDefault(property.Name) is { } where)
                errors.Add(property.Name, where);
            else if (!known.Contains(property.Name, StringComparer.Ordinal))
                errors.AddUnknown(property.Name, known, "field");
            else if (!reader._fields.TryAdd(property.Name, property.Value))
                errors.Add(property.Name, "is given more than once");
        }

        return reader;
    }

    /// <summary>True when the field is there, null or not.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>The value; null when the field is absent or null.</summary>
    public JsonElement? Value(string name) =>
        _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Notes when a field is absent or null.</summary>
    public void Require(string name)
    {
        if (Value(name) is null)
            Errors.Add(name, "is required");
    }

    public string? Text(string name, int maxLength, bool allowEmpty = false)
    {
        if (Of(name, JsonValueKind.String, "a string") is not { } value)
            return null;
        var text = value.GetString()!;
        if (text.Length > maxLength || (text.Length == 0 && !allowEmpty))
            return Fail<string>(name, $"must have {(allowEmpty ? 0 : 1)} to {maxLength} characters");
        return text.Contains('\0') ? Fail<string>(name, "must not contain NUL") : text;
    }

    public bool? Boolean(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Errors.Add(name, "must be true or false");
        return null;
    }

    public int? Integer(string name, int least, int most)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number)
            && number >= least
            && number <= most)
            return number;
        Errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return null;
    }

    public double? Number(string name, double least, double most)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            && number >= least
            && number <= most)
            return number;
        Errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Of(name, JsonValueKind.String, Rfc3339.Accepted) is not { } value)
            return null;
        if (Rfc3339.TryParse(value.GetString(), out var time))
            return time;
        Errors.Add(name, $"must be {Rfc3339.Accepted}");
        return null;
    }

    public T? Id<T>(string name)
        where T : struct, ITypeId<T>
    {
        if (Of(name, JsonValueKind.String, IdText.Accepted<T>()) is not { } value)
            return null;
        if (T.TryParse(value.GetString(), out var id))
            return id;
        Errors.Add(name, $"must be {IdText.Accepted<T>()}");
        return null;
    }

    public T? OneOf<T>(string name, WordSet<T> words)
        where T : struct
    {
        if (Of(name, JsonValueKind.String, words.Accepted) is not { } value)
            return null;
        if (words.TryParse(value.GetString(), out var word))
            return word;
        Errors.Add(name, $"must be {words.Accepted}");
        return null;
    }

    /// <summary>A JSON object of the user's own, as it was written.</summary>
    public string? Object(string name, int maxBytes)
    {
        if (Of(name, JsonValueKind.Object, "a JSON object") is not { } value)
            return null;
        var text = value.GetRawText();
        if (System.Text.Encoding.UTF8.GetByteCount(text) > maxBytes)
            return Fail<string>(name, $"must not be larger than {maxBytes} bytes");
        return HasRepeatedNames(text) ? Fail<string>(name, "must not hold a name more than once") : text;
    }

    private static bool HasRepeatedNames(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, UniqueNames);
            return false;
        }
        catch (JsonException)
        {
            // It has been parsed before as part of the body, so repeated names are all that can be wrong.
            return true;
        }
    }

    private JsonElement? Of(string name, JsonValueKind kind, string accepted)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == kind)
            return value;
        Errors.Add(name, $"must be {accepted}");
        return null;
    }

    private T? Fail<T>(string name, string message)
        where T : class
    {
        Errors.Add(name, message);
        return null;
    }
}
