namespace Hookstream.TestServers.Redis;

/// <summary>What a <see cref="RedisServer"/> held at one moment.</summary>
public sealed record RedisSnapshot(string Path);
