using System.Globalization;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;

namespace Hookstream.Api.Subscribers;

/// <summary>Reads the URL of an endpoint.</summary>
internal static class EndpointUrl
{
    private const string Field = "url";
    private const int MaxLength = 2048;

    /// <summary>The URL; null when it is absent or, as the errors tell, not one that can be sent to.</summary>
    public static Uri? Read(FieldReader fields)
    {
        if (fields.Text(Field, MaxLength) is not { } text)
            return null;
        if (Find(text, out var url) is not { } fault)
            return url;
        fields.Errors.Add(Field, fault);
        return null;
    }

    /// <summary>Why the deployment does not deliver to this URL, naming the setting; null when it does.</summary>
    public static Problem? Forbid(Uri url, ApiOptions options)
    {
        if (options.HttpsOnly && url.Scheme != Uri.UriSchemeHttps)
            return Forbidden("must be https: this deployment sets HOOKSTREAM_HTTPS_ONLY");
        if (options.AllowedPorts is { } ports && !ports.Contains(url.Port))
        {
            var accepted = string.Join(", ", ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
            return Forbidden($"must name one of the ports {accepted}: this deployment sets HOOKSTREAM_ALLOWED_PORTS");
        }

        return null;
    }

    private static string? Find(string text, out Uri? url)
    {
        url = null;
        // The framework mends these silently, so that something else would be sent to than was asked for.
        if (text.AsSpan().ContainsAnyInRange('\0', ' ') || text.Contains('\\') || text.Contains('\u007f'))
            return "must not contain white space, control characters or backslashes";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)
            || !text.StartsWith(parsed.Scheme + "://", StringComparison.OrdinalIgnoreCase)
            || parsed.Host.Length == 0
            || parsed.Port <= 0)
            return "must be an absolute http or https URL, such as https://example.com/webhooks";
        if (parsed.UserInfo.Length > 0 || parsed.Authority.Contains('@') || text.Split('/')[2].Contains('@'))
            return "must not contain credentials";
        if (parsed.Fragment.Length > 0 || text.Contains('#'))
            return "must not have a fragment ('#…')";
        url = parsed;
        return null;
    }

    private static Problem Forbidden(string message)
    {
        var errors = new ValidationErrors();
        errors.Add(Field, message);
        return new Problem(ProblemCode.UrlForbidden, errors.Summarise()) { Errors = errors };
    }
}
