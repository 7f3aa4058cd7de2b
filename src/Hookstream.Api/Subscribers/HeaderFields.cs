using System.Text.Json;
using Hookstream.Api.Json;

namespace Hookstream.Api.Subscribers;

/// <summary>Reads and shows the headers of a subscriber's owner.</summary>
internal static class HeaderFields
{
    private const string Field = "headers";

    /// <summary>A merge patch of headers; null when there is none, or, as the errors tell, none that can be applied.</summary>
    public static List<KeyValuePair<string, string?>>? Read(FieldReader fields)
    {
        if (fields.Value(Field) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Errors.Add(Field, "must be a JSON object of header names and values");
            return null;
        }

        var patch = new List<KeyValuePair<string, string?>>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in value.EnumerateObject())
        {
            if (FaultOf(header, names) is { } fault)
                fields.Errors.Add($"{Field}.{header.Name}", fault);
            else
                patch.Add(new(header.Name, header.Value.GetString()));
        }

        if (CustomHeaders.None.Merge(patch).Fault is { } together)
            fields.Errors.Add(Field, together);
        return patch;
    }

    /// <summary>Applies a patch; null takes all headers away.</summary>
    public static CustomHeaders Merge(CustomHeaders headers, IEnumerable<KeyValuePair<string, string?>>? patch) =>
        patch is null ? CustomHeaders.None : headers.Merge(patch);

    /// <summary>The names, with what stands for the values.</summary>
    public static Dictionary<string, string> Redact(CustomHeaders headers)
    {
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _) in headers.All)
            shown.Add(name, CustomHeaders.Redacted);
        return shown;
    }

    private static string? FaultOf(JsonProperty header, HashSet<string> names)
    {
        if (!names.Add(header.Name))
            return "is given more than once; header names are the same whatever their case";
        if (header.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            return "must be a string, or null to remove the header";
        return CustomHeaders.FaultOfName(header.Name)
            ?? (header.Value.GetString() is { } text ? CustomHeaders.FaultOfValue(text) : null);
    }
}
