using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Connection;

/// <summary>
/// The connection to Redis. Every call ends within the timeout, and fails as <see cref="StoreUnavailableException"/> when Redis
/// is away.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly IConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly Outage _outage;
    private readonly RedisKey[] _base;
    private readonly TimeSpan _timeout;

    private RedisLink(IConnectionMultiplexer connection, RedisQueueOptions options, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _database = connection.GetDatabase();
        _outage = new Outage(time, logger);
        _timeout = options.Timeout;
        Prefix = $"{{{options.Prefix}}}:";
        _base = [Prefix];
        Name = string.Join(", ", options.Server.EndPoints.Select(EndPointCollection.ToString));
        connection.ConnectionFailed += OnChange;
        connection.ConnectionRestored += OnChange;
    }

    /// <summary>The connection was lost or is there again: it may be another server now.</summary>
    public event Action? Interrupted;

    /// <summary>The connection for wake-ups was lost or is there again: some may have been missed.</summary>
    public event Action? WakeUpsInterrupted;

    /// <summary>What every key begins with.</summary>
    public string Prefix { get; }

    /// <summary>The servers' addresses, for people.</summary>
    public string Name { get; }

    /// <summary>Connects; when Redis is away it goes on trying, and calls fail until then.</summary>
    public static async Task<RedisLink> ConnectAsync(RedisQueueOptions options, TimeProvider time, ILogger logger)
    {
        var server = options.Server.Clone();
        var timeout = (int)options.Timeout.TotalMilliseconds;
        server.AbortOnConnectFail = false;
        // The client keeps INFO from those who do not say so.
        server.AllowAdmin = true;
        server.BacklogPolicy = BacklogPolicy.FailFast;
        server.ReconnectRetryPolicy = new ExponentialRetry(100, 1_000);
        server.ConnectTimeout = Math.Max(timeout, 1_000);
        server.ConnectRetry = 1;
        server.AsyncTimeout = timeout;
        server.SyncTimeout = timeout;
        server.ClientName ??= "hookstream";
        return new RedisLink(
            await ConnectionMultiplexer.ConnectAsync(server).ConfigureAwait(false), options, time, logger);
    }

    /// <summary>Runs a script that Redis knows; loads it where it does not.</summary>
    public Task<RedisResult> EvaluateAsync(QueueScript script, params RedisValue[] arguments) =>
        CallAsync(async database =>
        {
            try
            {
                return await database.ScriptEvaluateAsync(script.Hash, _base, arguments).ConfigureAwait(false);
            }
            catch (RedisServerException exception) when (IsUnknownScript(exception))
            {
                return await database.ScriptEvaluateAsync(script.Text, _base, arguments).ConfigureAwait(false);
            }
        });

    /// <summary>Runs a script that Redis knows; null where it does not: then it was restarted, or is another server.</summary>
    public Task<RedisResult?> EvaluateKnownAsync(QueueScript script, params RedisValue[] arguments) =>
        CallAsync(async database =>
        {
            try
            {
                return await database.ScriptEvaluateAsync(script.Hash, _base, arguments).ConfigureAwait(false);
            }
            catch (RedisServerException exception) when (IsUnknownScript(exception))
            {
                return null;
            }
        });

    /// <summary>Makes a call.</summary>
    /// <exception cref="StoreUnavailableException">Redis is away, or refuses.</exception>
    public async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call)
    {
        var begun = _outage.BeginCall();
        try
        {
            var result = await call(_database).WaitAsync(_timeout).ConfigureAwait(false);
            _outage.Succeeded(begun);
            return result;
        }
        catch (Exception exception) when (IsAway(exception))
        {
            _outage.Failed(exception);
            throw new StoreUnavailableException($"Redis is away: {exception.Message}", exception);
        }
    }

    /// <summary>Asks the server that has our keys what it is, and sees to it that it knows the scripts.</summary>
    public Task<ServerState> PrepareServerAsync() =>
        CallAsync(async database =>
        {
            var server = await ServerAsync(database).ConfigureAwait(false);
            foreach (var script in QueueScript.All)
                await server.ScriptLoadAsync(script.Text).ConfigureAwait(false);
            return await AskAsync(server).ConfigureAwait(false);
        });

    /// <summary>Asks the server that has our keys what it is.</summary>
    public Task<ServerState> AskServerAsync() =>
        CallAsync(async database => await AskAsync(await ServerAsync(database).ConfigureAwait(false)).ConfigureAwait(false));

    /// <summary>Has <paramref name="woken"/> called for every wake-up, over reconnects.</summary>
    public async Task SubscribeAsync(Action woken) =>
        await CallAsync(async _ =>
        {
            await _connection.GetSubscriber()
                .SubscribeAsync(RedisChannel.Literal(Prefix + "wake"), (_, _) => woken())
                .ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // A server that is loading, out of memory, read-only or without its cluster says so with a word of its own; ERR is a mistake
    // of ours, and no outage.
    private static bool IsAway(Exception exception) => exception switch
    {
        RedisServerException { Message: var message } => !message.StartsWith("ERR", StringComparison.Ordinal)
            && !message.StartsWith("WRONGTYPE", StringComparison.Ordinal),
        RedisException or TimeoutException or ObjectDisposedException => true,
        _ => false,
    };

    private static bool IsUnknownScript(RedisServerException exception) =>
        exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);

    private static async Task<ServerState> AskAsync(IServer server)
    {
        try
        {
            return ServerState.Parse(await server.InfoRawAsync().ConfigureAwait(false) ?? "");
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            return ServerState.Unknown;
        }
    }

    private void OnChange(object? sender, ConnectionFailedEventArgs change)
    {
        if (change.ConnectionType == ConnectionType.Interactive)
            Interrupted?.Invoke();
        else
            WakeUpsInterrupted?.Invoke();
    }

    private async Task<IServer> ServerAsync(IDatabase database)
    {
        var endpoint = await database.IdentifyEndpointAsync(_base[0]).ConfigureAwait(false)
            ?? throw new RedisException("no server is connected");
        return _connection.GetServer(endpoint);
    }
}
