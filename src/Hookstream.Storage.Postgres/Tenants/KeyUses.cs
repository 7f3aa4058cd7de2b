using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Tenants;

/// <summary>When keys were last used, written together now and then: nobody waits for it, and a missing one harms nobody.</summary>
internal sealed class KeyUses(Sessions sessions, ILogger logger)
{
    private const string Write =
        """
        update api_keys k
        set last_used_at = u.at
        from unnest($1, $2) as u (id, at)
        where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)
        """;

    private readonly ConcurrentDictionary<Guid, DateTime> _uses = new();
    private int _writing;

    public void Note(ApiKeyId key, DateTimeOffset at)
    {
        _uses[key.Value] = at.UtcDateTime;
        if (Interlocked.Exchange(ref _writing, 1) == 0)
            _ = Task.Run(WriteAsync);
    }

    /// <summary>Writes what is noted.</summary>
    public async Task WriteAsync()
    {
        try
        {
            var uses = _uses.ToArray();
            foreach (var use in uses)
                _uses.TryRemove(use);
            await sessions.General.ReadAsync(
                connection => connection.Command(Write)
                    .Bind([.. uses.Select(use => use.Key)])
                    .Bind(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, uses.Select(use => use.Value).ToArray())
                    .RunAsync(CancellationToken.None),
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.UseNotWritten(logger, exception.Message);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
            if (!_uses.IsEmpty && Interlocked.Exchange(ref _writing, 1) == 0)
                _ = Task.Run(WriteAsync);
        }
    }
}
