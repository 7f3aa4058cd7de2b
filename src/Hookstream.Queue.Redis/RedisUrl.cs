using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis;

/// <summary>Reads <c>redis://user:password@host:port/database</c>; with TLS <c>rediss://</c>.</summary>
public static class RedisUrl
{
    private const int DefaultPort = 6379;

    /// <summary>What is accepted, for people.</summary>
    public const string Accepted =
        "redis://host:6379, with user:password@ before the host and /<database number> behind it where needed; rediss:// for "
        + "TLS; several hosts of one cluster, or a primary and its replicas, separated by commas";

    /// <summary>Reads a URL.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="server">What it says.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConfigurationOptions? server)
    {
        server = null;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToLowerInvariant() is not ("redis" or "rediss"))
            return false;
        var options = new ConfigurationOptions { Ssl = text[..scheme].Length == "rediss".Length };
        var rest = text[(scheme + 3)..];
        var at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            ReadCredentials(rest[..at], options);
            rest = rest[(at + 1)..];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (!TryReadDatabase(rest[(slash + 1)..], options))
                return false;
            rest = rest[..slash];
        }

        foreach (var host in rest.Split(','))
        {
            if (!TryReadHost(host, options.EndPoints))
                return false;
        }

        server = options;
        return true;
    }

    private static void ReadCredentials(string text, ConfigurationOptions options)
    {
        // A single word is the password, as Redis had no users once; the form of URLs would make it the user.
        var parts = text.Split(':', 2);
        if (parts.Length == 2 && parts[0].Length > 0)
            options.User = Uri.UnescapeDataString(parts[0]);
        options.Password = Uri.UnescapeDataString(parts[^1]);
    }

    private static bool TryReadDatabase(string text, ConfigurationOptions options)
    {
        if (text.Length == 0)
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var database))
            return false;
        options.DefaultDatabase = database;
        return true;
    }

    private static bool TryReadHost(string text, EndPointCollection hosts)
    {
        // Of an IPv6 address, only what comes behind its brackets is the port.
        var colon = text.LastIndexOf(':');
        if (colon < text.LastIndexOf(']'))
            colon = -1;
        var host = colon < 0 ? text : text[..colon];
        var port = DefaultPort;
        if (colon >= 0
            && (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is 0 or > IPEndPoint.MaxPort))
            return false;
        if (host is ['[', .., ']'])
            host = host[1..^1];
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        hosts.Add(host, port);
        return true;
    }
}
