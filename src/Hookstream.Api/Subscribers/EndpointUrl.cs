using System.Globalization;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Core.Addresses;

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
        var rules = options.Destinations;
        return rules.Find(url) switch
        {
            DestinationFault.NotHttps => Forbidden("must be https: this deployment sets HOOKSTREAM_HTTPS_ONLY"),
            DestinationFault.Port => Forbidden(
                $"must name one of the ports {PortsOf(rules)}: this deployment sets HOOKSTREAM_ALLOWED_PORTS"),
            DestinationFault.Address => Forbidden(
                $"must not lead to '{url.Host}', which is not on the public internet: HOOKSTREAM_ALLOWED_NETWORKS does not have it"),
            _ => null,
        };
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
            || parsed.Port <= 0
            || HasTextBehindBrackets(text.Split('/')[2]))
            return "must be an absolute http or https URL, such as https://example.com/webhooks";
        if (parsed.UserInfo.Length > 0 || parsed.Authority.Contains('@') || text.Split('/')[2].Contains('@'))
            return "must not contain credentials";
        if (parsed.Fragment.Length > 0 || text.Contains('#'))
            return "must not have a fragment ('#…')";
        if (EndpointHost.Of(parsed).IsMalformed)
            return "must have a host that is a name or an address; this one ends in a number and is no IPv4 address, or has a zone";
        url = parsed;
        return null;
    }

    // Another thing that is mended: http://[::1]path gets the slash that it lacks.
    private static bool HasTextBehindBrackets(string authority) =>
        authority.IndexOf(']', StringComparison.Ordinal) is >= 0 and var end
        && end + 1 < authority.Length
        && authority[end + 1] is not (':' or '?');

    private static string PortsOf(DestinationRules rules) =>
        string.Join(", ", rules.AllowedPorts!.Select(port => port.ToString(CultureInfo.InvariantCulture)));

    private static Problem Forbidden(string message)
    {
        var errors = new ValidationErrors();
        errors.Add(Field, message);
        return new Problem(ProblemCode.UrlForbidden, errors.Summarise()) { Errors = errors };
    }
}
