using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Api;

internal static class JsonReading
{
    /// <summary>The text of a property that must be there.</summary>
    public static string Text(this JsonElement json, string property) =>
        json.GetProperty(property).GetString() ?? throw new ShouldAssertException($"'{property}' is null in {json}");

    public static int Number(this JsonElement json, string property) => json.GetProperty(property).GetInt32();

    public static bool IsNull(this JsonElement json, string property) =>
        json.GetProperty(property).ValueKind == JsonValueKind.Null;

    /// <summary>The attempts of a delivery in the order of their numbers.</summary>
    public static JsonElement[] Attempts(this JsonElement delivery) =>
        [.. delivery.GetProperty("attempts").EnumerateArray().OrderBy(attempt => attempt.Number("number"))];
}
