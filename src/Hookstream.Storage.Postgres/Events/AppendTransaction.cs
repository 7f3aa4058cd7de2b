using Hookstream.Storage.Postgres.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>
/// Commits groups of appends. A commit whose answer was lost is tried again with the same ids, so that it is found out whether
/// it happened; what one event breaks fails that event alone.
/// </summary>
internal sealed class AppendTransaction(
    Sessions sessions,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    ICatalogRefresh catalog,
    PartitionSet partitions,
    AppendPublisher publisher,
    TimeSpan firstDelay,
    StoreClock clock,
    ILogger logger)
{
    private const string VersionsMoved = "HS001";
    private const int MaxTries = 5;

    // How long a commit whose answer was lost is tried again before it is said that nothing is known of it.
    private static readonly TimeSpan AmbiguousPatience = TimeSpan.FromSeconds(10);

    /// <summary>Commits a group, and tells each of its operations what came of it.</summary>
    public async Task CommitAsync(List<AppendOperation> group)
    {
        var appends = group.SelectMany(operation => operation.Appends).ToList();
        try
        {
            await CommitAllAsync(appends);
        }
        catch (Exception exception) when (PostgresFailure.IsAway(exception))
        {
            var unavailable = exception as StoreUnavailableException ?? PostgresFailure.ToUnavailable(exception);
            group.ForEach(operation => operation.Fail(unavailable));
        }
        catch (Exception exception)
        {
            if (appends.Count > 1)
                Log.GroupFailed(logger, exception, appends.Count);
            await CommitOneByOneAsync(group);
        }
    }

    private async Task CommitOneByOneAsync(List<AppendOperation> group)
    {
        foreach (var operation in group)
        {
            foreach (var append in operation.Appends)
            {
                try
                {
                    await CommitAllAsync([append]);
                }
                catch (Exception exception) when (PostgresFailure.IsAway(exception) || exception is StoreUnavailableException)
                {
                    operation.Fail(exception as StoreUnavailableException ?? PostgresFailure.ToUnavailable(exception));
                }
                catch (Exception exception)
                {
                    Log.EventFailed(logger, exception, append.Event.Tenant);
                    append.Result = new AppendResult(AppendOutcome.Failed, append.Id, 0);
                }
            }
        }
    }

    private async Task CommitAllAsync(List<PreparedAppend> appends)
    {
        var write = new AppendWrite(appends, firstDelay);
        long? ambiguousSince = null;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteAsync(write);
                break;
            }
            catch (PostgresException exception) when (exception.SqlState == VersionsMoved && tries < MaxTries * 10)
            {
                await RematchAsync(appends);
                write = new AppendWrite(appends, firstDelay);
            }
            catch (PostgresException exception)
                when (exception.SqlState == PostgresErrorCodes.UniqueViolation && ambiguousSince is not null)
            {
                // These very ids are there: it was committed, and only the answer was lost.
                await ReadKeysAsync(write);
                break;
            }
            catch (Exception exception) when (PostgresFailure.IsNoPartition(exception) && tries < MaxTries)
            {
                foreach (var day in appends.Select(append => append.Now).DistinctBy(now => now.UtcDateTime.Date))
                    await partitions.EnsureAsync(day, CancellationToken.None);
            }
            catch (Exception exception) when (PostgresFailure.IsTransient(exception) && tries < MaxTries)
            {
                Log.TriedAgain(logger, exception.Message);
            }
            catch (Exception exception) when (PostgresFailure.IsAway(exception) && MayTryAgain(exception, write, ref ambiguousSince))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(50 * tries, 500)), clock);
            }
        }

        write.Resolve();
        await publisher.PublishAsync(write);
    }

    // Only where it may have been committed: what PostgreSQL never saw is refused at once, so that its sender knows.
    private bool MayTryAgain(Exception exception, AppendWrite write, ref long? ambiguousSince)
    {
        if (ambiguousSince is null)
        {
            if (!write.Sent || !PostgresFailure.IsAmbiguous(exception))
                return false;
            ambiguousSince = clock.GetTimestamp();
        }

        return clock.GetElapsedTime(ambiguousSince.Value) < AmbiguousPatience;
    }

    private async Task WriteAsync(AppendWrite write)
    {
        await using var connection = await sessions.Hot.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        AppendStatements.AddAssert(batch, write.Appends, clock);
        if (write.Keyed.Count > 0)
            AppendStatements.AddKeyed(batch, write.Keyed, write.Offered, write.Deliveries, clock);
        else
            AppendStatements.AddPlain(batch, write.Offered, write.Deliveries, clock);
        write.Sent = true;
        await write.WriteAsync(batch);
    }

    private async Task ReadKeysAsync(AppendWrite write)
    {
        if (write.Keyed.Count == 0)
            return;
        await using var connection = await sessions.Hot.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        AppendStatements.AddReadKeys(batch, write.Keyed);
        await write.ReadKeysAsync(batch);
    }

    private async Task RematchAsync(List<PreparedAppend> appends)
    {
        foreach (var tenant in appends.DistinctBy(append => append.TenantNo))
            await catalog.EnsureCurrentAsync(tenant.TenantNo, CancellationToken.None);
        foreach (var append in appends)
        {
            if (!tenants.TryGet(append.Event.Tenant, out _))
                throw new StoreUnavailableException("the tenant has been deleted");
            append.MatchAgain(subscribers);
        }
    }
}
