using Hookstream.TestServers.Programs;

namespace Hookstream.TestServers.Redis;

/// <summary>
/// One server for all tests of an assembly, as its fixture; each test uses keys of its own. <c>TEST_REDIS_URL</c> names a
/// server to use instead.
/// </summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private readonly string? _given = Environment.GetEnvironmentVariable("TEST_REDIS_URL") is { Length: > 0 } url ? url : null;
    private RedisServer? _server;

    /// <summary>Whether there is a server, once it was initialized.</summary>
    public bool Available => _given is not null || _server is not null;

    /// <summary>As <c>REDIS_URL</c> takes it. Skips the test where there is no server (in CI: fails).</summary>
    public string Url
    {
        get
        {
            if (!Available)
                MissingServer.Report(RedisServer.Missing!);
            return _given ?? _server!.Url;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (_given is null && RedisServer.Missing is null)
            _server = await RedisServer.StartNewAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
