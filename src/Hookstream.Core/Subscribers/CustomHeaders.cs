using System.Buffers;

namespace Hookstream.Core.Subscribers;

/// <summary>
/// Headers of a subscriber's owner, sent with every request to its endpoint. Their values are credentials as a rule, so that
/// they are kept like secrets: encrypted, redacted when read back, and never logged.
/// </summary>
/// <remarks>Source of what a name and a value may be: RFC 9110, sections 5.1 and 5.5, without obs-text.</remarks>
public sealed class CustomHeaders
{
    /// <summary>Most headers of a subscriber.</summary>
    public const int MaxCount = 20;

    /// <summary>Most characters of all names and values together.</summary>
    public const int MaxLength = 4096;

    /// <summary>What stands for a value wherever one is shown.</summary>
    public const string Redacted = "********";

    /// <summary>Fewest characters of a value that is looked for where it might be repeated.</summary>
    public const int LeastCredential = 8;

    /// <summary>No headers.</summary>
    public static readonly CustomHeaders None = new([]);

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // What the request itself says, what describes its body, and what is between two hops of a connection.
    private static readonly HashSet<string> ReservedNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Expect", "Host", "HTTP2-Settings", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
        "traceparent", "tracestate",
    };

    private static readonly string[] ReservedPrefixes = ["Content-", "Proxy-", "webhook-", "X-Hookstream-"];

    private readonly KeyValuePair<string, string>[] _headers;

    private CustomHeaders(KeyValuePair<string, string>[] headers)
    {
        _headers = headers;
        Credentials =
        [
            .. headers.SelectMany(header => PartsOf(header.Value)).Where(part => part.Length >= LeastCredential).Distinct()
                .OrderByDescending(part => part.Length),
        ];
    }

    /// <summary>Names and values, in the order in which they were given.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> All => _headers;

    /// <summary>
    /// What gives a value away where it is repeated: the value, and what follows the scheme of credentials. Not the short ones,
    /// which are in many texts by chance. The longest first.
    /// </summary>
    public IReadOnlyList<string> Credentials { get; }

    /// <summary>Why these cannot be sent together; null when they can.</summary>
    public string? Fault
    {
        get
        {
            if (_headers.Length > MaxCount)
                return $"must not hold more than {MaxCount} headers";
            return _headers.Sum(header => header.Key.Length + header.Value.Length) > MaxLength
                ? $"must not hold more than {MaxLength} characters, names and values together"
                : null;
        }
    }

    /// <summary>Makes headers of what was checked before.</summary>
    public static CustomHeaders Of(IEnumerable<KeyValuePair<string, string>> headers) => new([.. headers]);

    /// <summary>Why this is no name for a header, or one that is not its owner's; null when it may be used.</summary>
    public static string? FaultOfName(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
            return "is not a header name: letters, digits and any of !#$%&'*+-.^_`|~";
        var reserved = ReservedNames.Contains(name)
            || ReservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        return reserved ? "is a header that Hookstream or the connection sets itself" : null;
    }

    /// <summary>Why this cannot be a header's value; null when it can.</summary>
    public static string? FaultOfValue(string value)
    {
        // What is read back is often sent back: it would replace the value that it stands for.
        if (value == Redacted)
            return "must not be the text that stands for a value; leave the header out to keep its value";
        if (value.Length == 0 || value.AsSpan().Trim(" \t").Length != value.Length)
            return "must not be empty, nor begin or end with white space";
        foreach (var character in value)
        {
            if (character is not ('\t' or (>= ' ' and <= '~')))
                return "must be visible ASCII characters, spaces and tabs only";
        }

        return null;
    }

    /// <summary>
    /// Applies a merge patch (RFC 7396): null removes a header, a value sets it. Names are compared without case, as receivers
    /// compare them.
    /// </summary>
    public CustomHeaders Merge(IEnumerable<KeyValuePair<string, string?>> patch)
    {
        var merged = _headers.ToList();
        foreach (var (name, value) in patch)
        {
            var at = merged.FindIndex(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (value is null && at >= 0)
                merged.RemoveAt(at);
            else if (value is not null && at >= 0)
                merged[at] = new(name, value);
            else if (value is not null)
                merged.Add(new(name, value));
        }

        return merged.Count == 0 ? None : new CustomHeaders([.. merged]);
    }

    private static IEnumerable<string> PartsOf(string value) =>
        value.IndexOf(' ', StringComparison.Ordinal) is var space and >= 0 ? [value, value[(space + 1)..]] : [value];

    /// <summary>Does not reveal the values.</summary>
    public override string ToString() => string.Join(", ", _headers.Select(header => header.Key));
}
