using StackExchange.Redis;

namespace Hookstream.Server.Configuration;

/// <summary>What <c>REDIS_URL</c> says, and what the keys there begin with.</summary>
internal sealed record RedisSettings(ConfigurationOptions Server, string Prefix);
