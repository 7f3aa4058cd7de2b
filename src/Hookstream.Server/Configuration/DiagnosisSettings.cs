using Hookstream.Diagnosis;

namespace Hookstream.Server.Configuration;

/// <summary>Reads how the AI provider is reached.</summary>
internal static class DiagnosisSettings
{
    /// <summary>Null: endpoints are not diagnosed.</summary>
    public static AnthropicOptions? Read(SettingsReader reader)
    {
        var key = reader.Parsed("ANTHROPIC_API_KEY", ParseKey, "8 to 512 printable ASCII characters without spaces", secret: true);
        var model = reader.Parsed("ANTHROPIC_MODEL", ParseModel, "a model's id: 1 to 128 letters, digits, '-', '.', '_', ':', '@', '/'");
        var url = reader.Parsed("ANTHROPIC_BASE_URL", ParseUrl, "an http or https URL without user, query and fragment", secret: true);
        return key is null
            ? null
            : new AnthropicOptions { ApiKey = key, Model = model ?? AnthropicOptions.DefaultModel, BaseUrl = url };
    }

    private static string? ParseKey(string text) =>
        text.Length is >= 8 and <= 512 && text.All(character => character is > ' ' and <= '~') ? text : null;

    private static string? ParseModel(string text) =>
        text.Length <= 128
        && text.All(character => char.IsAsciiLetterOrDigit(character) || "-._:@/".Contains(character, StringComparison.Ordinal))
            ? text
            : null;

    private static Uri? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url
            : null;
}
