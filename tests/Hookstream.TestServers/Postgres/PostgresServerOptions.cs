namespace Hookstream.TestServers.Postgres;

/// <summary>How a PostgreSQL server of a test runs.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Whether commits reach the disk. Tests of behaviour are quicker without; tests that kill the server need it.</summary>
    public bool Durable { get; init; }

    /// <summary>Sessions that it takes.</summary>
    public int MaxConnections { get; init; } = 300;

    /// <summary>Further settings, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
