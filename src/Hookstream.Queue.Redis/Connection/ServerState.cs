namespace Hookstream.Queue.Redis.Connection;

/// <summary>What a Redis server says of itself.</summary>
/// <param name="Identity">
/// Its run and its history: another one after a restart or a failover, and then what it holds may be old or gone. Empty when
/// it does not say.
/// </param>
/// <param name="Version">Its version.</param>
/// <param name="EvictionPolicy">What it does when its memory is full; null when it does not say.</param>
internal sealed record ServerState(string Identity, string Version, string? EvictionPolicy)
{
    public static readonly ServerState Unknown = new("", "unknown", null);

    /// <summary>Reads the answer to INFO.</summary>
    public static ServerState Parse(string info)
    {
        var run = Field(info, "run_id");
        var history = Field(info, "master_replid");
        return new ServerState(
            run is null ? "" : $"{run}.{history}",
            Field(info, "redis_version") ?? Unknown.Version,
            Field(info, "maxmemory_policy"));
    }

    private static string? Field(string info, string name)
    {
        foreach (var line in info.AsSpan().EnumerateLines())
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.Ordinal))
                return line[(name.Length + 1)..].ToString();
        }

        return null;
    }
}
