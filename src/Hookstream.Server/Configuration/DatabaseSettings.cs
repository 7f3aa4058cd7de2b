namespace Hookstream.Server.Configuration;

/// <summary>What <c>DATABASE_URL</c> says.</summary>
/// <param name="ConnectionString">As Npgsql takes it.</param>
/// <param name="Listen">False behind PgBouncer in transaction mode.</param>
internal sealed record DatabaseSettings(string ConnectionString, bool Listen);
