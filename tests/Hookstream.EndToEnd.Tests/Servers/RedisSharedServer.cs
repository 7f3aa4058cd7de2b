using Hookstream.TestServers.Programs;
using Hookstream.TestServers.Redis;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>The same on PostgreSQL with Redis as the queue.</summary>
public sealed class RedisSharedServer : PostgresSharedServer
{
    private readonly SharedRedis _redis = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _redis.DisposeAsync();
    }

    internal override async Task<(string Name, string Value)[]> NewSettingsAsync() =>
    [
        .. await base.NewSettingsAsync(),
        ("REDIS_URL", _redis.Url),
        ("HOOKSTREAM_REDIS_PREFIX", $"test-{Guid.NewGuid():N}"),
    ];

    private protected override async Task<ServerProcess?> StartServerAsync()
    {
        await _redis.InitializeAsync();
        return _redis.Available ? await base.StartServerAsync() : null;
    }

    private protected override Exception NotThere()
    {
        if (!_redis.Available)
            MissingServer.Report(RedisServer.Missing!);
        return base.NotThere();
    }
}
