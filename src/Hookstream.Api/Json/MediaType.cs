using Microsoft.Net.Http.Headers;

namespace Hookstream.Api.Json;

/// <summary>Which content types are read: <c>application/json</c> and <c>+json</c>, in UTF-8.</summary>
internal static class MediaType
{
    public static bool IsJson(string? contentType)
    {
        if (contentType is null)
            return false;
        if (contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            return false;

        var json = parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (parsed.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                && parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        var charset = HeaderUtilities.RemoveQuotes(parsed.Charset);
        return json && (charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
