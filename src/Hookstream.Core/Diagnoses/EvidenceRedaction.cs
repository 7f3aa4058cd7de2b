using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hookstream.Core.Diagnoses;

/// <summary>
/// What of a text that came from an endpoint may be shown outside: an endpoint may repeat what it was sent. Taken out are the
/// endpoint's secrets, the values of its headers, its host and the rest of its URL, the event's payload, and whatever looks like a
/// credential.
/// </summary>
internal sealed partial class EvidenceRedaction
{
    // A run of eight characters that is in a secret, too, is hardly chance.
    private const int LeastOfSecret = 8;

    // What stands around values in a payload is in answers, too ({"status":), so that these runs are longer than the values.
    private const int LeastOfPayload = 16;

    // Shorter values are in any text by chance.
    private const int LeastValue = 4;

    private const string Secret = "[redacted]";
    private const string Payload = "[payload]";
    private const string Host = "[endpoint]";

    private readonly string[] _secrets;
    private readonly string[] _values;
    private readonly string _host;

    public EvidenceRedaction(EndpointSnapshot endpoint)
    {
        var settings = endpoint.Subscriber.Settings;
        string[] headers = [.. settings.Headers.All.ToArray().Select(header => header.Value)];
        _secrets =
        [
            endpoint.Secrets.Current.Text,
            endpoint.Secrets.Previous?.Text ?? "",
            settings.Url.UserInfo,
            settings.Url.PathAndQuery,
            .. headers,
        ];
        _values = [.. headers.Concat(settings.Headers.Credentials).Where(value => value.Length >= LeastValue)];
        _host = settings.Url.Host;
    }

    /// <summary>The text without what must not leave.</summary>
    /// <param name="text">What came from the endpoint, or tells of it.</param>
    /// <param name="payload">The payload that the endpoint was sent, JSON in UTF-8; empty: it was sent none.</param>
    public string Redact(string text, ReadOnlyMemory<byte> payload)
    {
        var redacted = new RedactedText(text);
        foreach (var value in _values)
            redacted.MarkValue(value, Secret);
        foreach (var secret in _secrets)
            redacted.MarkShared(secret, LeastOfSecret, Secret);
        redacted.MarkMatches(AfterScheme(), Secret);
        redacted.MarkMatches(AfterName(), Secret);
        redacted.MarkMatches(Credential(), Secret);
        redacted.MarkMatches(Opaque(), Secret);
        redacted.MarkValue(_host, Host);
        if (payload.IsEmpty)
            return redacted.ToString();
        redacted.MarkShared(Encoding.UTF8.GetString(payload.Span), LeastOfPayload, Payload);
        foreach (var value in ValuesOf(payload.Span))
            redacted.MarkValue(value, Payload);
        return redacted.ToString();
    }

    private static HashSet<string> ValuesOf(ReadOnlySpan<byte> payload)
    {
        var values = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var reader = new Utf8JsonReader(payload);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
                continue;
            // As it is written, and as it means.
            Add(Encoding.UTF8.GetString(reader.ValueSpan));
            if (reader.ValueIsEscaped)
                Add(Meaning(ref reader));
        }

        return values;

        void Add(string value)
        {
            if (value.Length >= LeastValue)
                values.Add(value);
        }
    }

    private static string Meaning(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON that can be written, and means no text.
            return "";
        }
    }

    /// <summary>RFC 9110, section 11.4: a scheme and what follows it.</summary>
    [GeneratedRegex("""\b(?:bearer|basic|digest)\s+(?<value>[A-Za-z0-9+/=_~.\-]{6,})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AfterScheme();

    /// <summary>A name that credentials have, and what follows it.</summary>
    [GeneratedRegex(
        """(?:authorization|cookie|passw(?:or)?d|secret|token|api[-_ ]?key|signature|credential)s?["'\\]*\s*[:=]\s*["'\\]*(?<value>[^\s"'<>&;,\\]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AfterName();

    /// <summary>What begins as secrets, signatures, keys and tokens do, our own and others'.</summary>
    [GeneratedRegex(
        """whsec_[A-Za-z0-9+/=_\-]*|hk_[A-Za-z0-9_\-]{8,}|sha(?:1|256|512)=[0-9A-Fa-f]+|v1a?,[A-Za-z0-9+/=]{16,}|eyJ[A-Za-z0-9_\-.]{16,}|\b(?:sk|pk|rk|ghp|gho|xox[a-z])[-_][A-Za-z0-9_\-]{8,}|\bAKIA[0-9A-Z]{12,}""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Credential();

    /// <summary>A long run without a break that no word is: digits and letters together.</summary>
    [GeneratedRegex(
        """(?<![A-Za-z0-9+/=_\-])(?=[A-Za-z+/=_\-]*[0-9])(?=[0-9+/=_\-]*[A-Za-z])[A-Za-z0-9+/=_\-]{24,}""", RegexOptions.CultureInvariant)]
    private static partial Regex Opaque();
}
