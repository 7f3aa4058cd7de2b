namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>Where the cluster of a fault test has its queue; its store is PostgreSQL.</summary>
public enum FaultDeployment
{
    /// <summary>PostgreSQL is the queue too.</summary>
    Postgres,

    /// <summary>Redis is the queue.</summary>
    PostgresAndRedis,
}
