using System.Diagnostics.Metrics;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis;

/// <summary>Where Redis is, and how much of the queue it holds.</summary>
public sealed record RedisQueueOptions
{
    /// <summary>The prefix of a deployment that has its Redis, or its database there, to itself.</summary>
    public const string DefaultPrefix = "hookstream";

    /// <summary>Where Redis is; <see cref="RedisUrl"/> makes it of a URL.</summary>
    public required ConfigurationOptions Server { get; init; }

    /// <summary>
    /// What all keys begin with, in braces: in a cluster they are all in one slot. Default <c>hookstream</c>.
    /// </summary>
    public string Prefix { get; init; } = DefaultPrefix;

    /// <summary>
    /// Deliveries of one endpoint and priority that Redis holds at most; the rest waits in the store alone. About 250 bytes
    /// each. Default 100,000.
    /// </summary>
    public int LaneBound { get; init; } = 100_000;

    /// <summary>The same while Redis holds <see cref="Crowd"/> deliveries or more in all. Default 10,000.</summary>
    public int CrowdedLaneBound { get; init; } = 10_000;

    /// <summary>How many deliveries in all are many. Default 1,000,000.</summary>
    public int Crowd { get; init; } = 1_000_000;

    /// <summary>After this, Redis counts as away. Default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a slow pass over the store takes, more or less; longer where millions of deliveries wait. Default 1 minute.</summary>
    public TimeSpan PassDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long leases that ran out while Redis was away are left to their owners when it is back. Default 10 s.
    /// </summary>
    public TimeSpan LeaseGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whose clock decides. Redis's, unless a test owns the time: then that of the <see cref="TimeProvider"/>.
    /// </summary>
    public bool ProcessClock { get; init; }

    /// <summary>After so long a silence a process is taken for gone, and what it stored last is looked at. Default 5 s.</summary>
    public TimeSpan GoneAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Makes the meter of what it counts; null: one of its own.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>False: nobody looks whether others are gone.</summary>
    internal bool WatchesNodes { get; init; } = true;

    /// <summary>False: nothing sweeps by itself, only where something was lost for certain.</summary>
    internal bool SlowPasses { get; init; } = true;
}
