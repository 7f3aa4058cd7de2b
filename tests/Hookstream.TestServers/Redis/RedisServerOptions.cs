namespace Hookstream.TestServers.Redis;

/// <summary>How a Redis server of a test runs.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Whether every write goes to a log that a restart reads.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>When it saves snapshots by itself, such as <c>60 1</c>; empty: never.</summary>
    public string Save { get; init; } = "";

    /// <summary>What it does when its memory is full.</summary>
    public string MaxMemoryPolicy { get; init; } = "noeviction";

    /// <summary>Further settings, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
