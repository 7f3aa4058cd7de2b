namespace Hookstream.Benchmarks.Deployments;

/// <summary>One of the deployments as it is measured: what it runs on, and what it has to reach there.</summary>
internal sealed record Deployment(string Name, string Title)
{
    public static Deployment Embedded { get; } = new("embedded", "SQLite")
    {
        LeastIngest = 0.45,
        MostIngestP95Ms = 8,
        LeastDrain = 0.5,
        MostLatencyP95Ms = 10,
    };

    public static Deployment Postgres { get; } = new("postgres", "PostgreSQL")
    {
        UsesPostgres = true,
        LeastIngest = 0.35,
        LeastDrain = 0.45,
        MostLatencyP95Ms = 15,
    };

    public static Deployment PostgresAndRedis { get; } =
        Postgres with { Name = "redis", Title = "PostgreSQL and Redis", UsesRedis = true };

    public static IReadOnlyList<Deployment> All { get; } = [Embedded, Postgres, PostgresAndRedis];

    public bool UsesPostgres { get; private init; }

    public bool UsesRedis { get; private init; }

    /// <summary>Least part of bare Kestrel's rate.</summary>
    public double LeastIngest { get; private init; }

    /// <summary>Null where no target is set.</summary>
    public double? MostIngestP95Ms { get; private init; }

    /// <summary>Least part of the bare sender's rate.</summary>
    public double LeastDrain { get; private init; }

    public double MostLatencyP95Ms { get; private init; }

    public static Deployment? Find(string name) => All.FirstOrDefault(deployment => deployment.Name == name);
}
