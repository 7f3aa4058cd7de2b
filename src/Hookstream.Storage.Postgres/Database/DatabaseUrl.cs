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
    public static bool TryParse(string text, out string connectionString, out bool listen)
    {
        connectionString = "";
        listen = true;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("postgresql" or "postgres")
            || url.Host.Length == 0
            || url.AbsolutePath.Length < 2
            || url.AbsolutePath.LastIndexOf('/') != 0)
            return false;
        var credentials = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : 5432,
            Database = Uri.UnescapeDataString(url.AbsolutePath[1..]),
            Username = credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null,
            Password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
        };
        foreach (var parameter in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var key, var text2] ? (key, Uri.UnescapeDataString(text2)) : (parameter, "");
            switch (name)
            {
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode)
                    && !int.TryParse(value, out _):
                    builder.SslMode = mode;
                    break;
                case "sslrootcert" when value.Length > 0:
                    builder.RootCertificate = value;
                    break;
                case "pgbouncer" when value is "true" or "false":
                    listen = value == "false";
                    break;
                default:
                    return false;
            }
        }

        connectionString = builder.ConnectionString;
        return true;
    }
}
