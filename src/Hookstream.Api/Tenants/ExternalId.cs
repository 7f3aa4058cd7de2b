using Hookstream.Api.Json;

namespace Hookstream.Api.Tenants;

/// <summary>The operator's own id for a tenant; it must fit into a header, and be no id of ours.</summary>
internal static class ExternalId
{
    private const string Field = "external_id";
    private const int MaxLength = 255;

    public static string? Read(FieldReader fields)
    {
        if (fields.Text(Field, MaxLength) is not { } text)
            return null;
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && text.AsSpan().Trim(' ').Length == text.Length
            && !TenantId.TryParse(text, out _))
            return text;
        fields.Errors.Add(
            Field, $"must be 1 to {MaxLength} printable ASCII characters without spaces around them, and not have the form of an id");
        return null;
    }
}
