using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Reads <c>postgresql://user:password@host:port/db?sslmode=…</c>.</summary>
public static class DatabaseUrl
{
    /// <summary>What is accepted, for people.</summary>
    public const string Accepted =
        "postgresql://user:password@host:port/database, with ?sslmode=disable, prefer, require, verify-ca or verify-full, "
        + "sslrootcert=<file> and pgbouncer=true where needed";

    /// <summary>Reads a URL.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="connectionString">Npgsql's connection string.</param>
    /// <param name="listen">False when the URL says that PgBouncer in transaction mode is in between.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string text, out string connectionString, out bool listen) =>
        TryParse(text, out connectionString, out listen, out _);

    /// <summary>Reads a URL.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="connectionString">Npgsql's connection string.</param>
    /// <param name="listen">False when the URL says that PgBouncer in transaction mode is in between.</param>
    /// <param name="problem">What is wrong with it, without anything that may be secret.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(
        string text, out string connectionString, out bool listen, [NotNullWhen(false)] out string? problem)
    {
        connectionString = "";
        listen = true;
        problem = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            problem = "it is no URL (write @, /, :, # and % in a password as %40, %2F, %3A, %23 and %25)";
        else if (url.Scheme is not ("postgresql" or "postgres"))
            problem = $"its scheme is '{url.Scheme}'";
        else if (url.Host.Length == 0)
            problem = "it names no host";
        else if (url.AbsolutePath.Length < 2)
            problem = "it names no database";
        else if (url.AbsolutePath.LastIndexOf('/') != 0)
            problem = "the name of its database has a slash (or a slash in the password is not written as %2F)";
        else if (url.Fragment.Length > 0)
            problem = "it has a # (write one in a password as %23)";
        if (problem is not null)
            return false;

        var builder = BuilderOf(url!);
        foreach (var parameter in url!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = parameter.Split('=', 2);
            var value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
            problem = Apply(parts[0], value, builder, ref listen);
            if (problem is not null)
                return false;
        }

        connectionString = builder.ConnectionString;
        return true;
    }

    private static NpgsqlConnectionStringBuilder BuilderOf(Uri url)
    {
        var credentials = url.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : 5432,
            Database = Uri.UnescapeDataString(url.AbsolutePath[1..]),
            Username = credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null,
            Password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
        };
    }

    private static string? Apply(string name, string value, NpgsqlConnectionStringBuilder builder, ref bool listen)
    {
        switch (name)
        {
            case "sslmode" when SslModeOf(value) is { } mode:
                builder.SslMode = mode;
                return null;
            case "sslrootcert" when value.Length > 0:
                builder.RootCertificate = value;
                return null;
            case "pgbouncer" when value is "true" or "false":
                listen = value == "false";
                return null;
            case "sslmode" or "sslrootcert" or "pgbouncer":
                return $"its parameter {name} has a value that is not accepted";
            default:
                return $"it has a parameter that is not known: {name}";
        }
    }

    private static SslMode? SslModeOf(string value) => value switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => null,
    };
}
