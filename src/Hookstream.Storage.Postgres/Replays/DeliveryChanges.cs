using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>
/// Replays and cancels sets of deliveries: locks their rows, asks what is to become of each, writes it in the same
/// transaction, and tells the queue after the commit. A row moves between the queue and the history in one statement.
/// </summary>
internal sealed class DeliveryChanges(
    Sessions sessions, PartitionSet partitions, StoreClock clock, Wakeups wakeups, IQueueMirror? mirror)
{
    private const int MaxLockTries = 10;
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(30);

    /// <summary>Changes deliveries of a tenant.</summary>
    /// <param name="tenantNo">The tenant.</param>
    /// <param name="ids">Which; those that are not there, or whose day is being removed, are left out.</param>
    /// <param name="decide">What becomes of one; null: it stays as it is. May be asked more than once.</param>
    /// <param name="also">Written in the same transaction.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The rows as they were found, in the order of their ids, with what became of them.</returns>
    public async Task<IReadOnlyList<(ChangeableRow Row, Change? Change)>> ChangeAsync(
        long tenantNo,
        IReadOnlyList<DeliveryId> ids,
        Func<ChangeableRow, Change?> decide,
        Func<NpgsqlConnection, Task>? also,
        CancellationToken cancellation)
    {
        var sending = await LockInQueueAsync(ids, cancellation);
        try
        {
            var written = await sessions.General.ChangeAsync(
                partitions,
                () => ids.Select(id => id.Value),
                async connection =>
                {
                    var rows = await LockAsync(connection, tenantNo, ids, sending, cancellation);
                    var changes = rows.ConvertAll(row => (row, decide(row)));
                    var due = await WriteAsync(connection, changes, cancellation);
                    if (also is not null)
                        await also(connection);
                    return (Changes: changes, Due: due);
                },
                cancellation);
            await PublishAsync(written.Changes, written.Due);
            return written.Changes;
        }
        finally
        {
            if (mirror is not null)
                await mirror.UnlockAsync([.. ids.Where(id => !sending.Contains(id))], CancellationToken.None);
        }
    }

    // An outcome is in the store a moment before the queue knows of it: what a person has just read as ended or failed is asked
    // for again before it is said to be in flight.
    private async ValueTask<HashSet<DeliveryId>> LockInQueueAsync(
        IReadOnlyList<DeliveryId> ids, CancellationToken cancellation)
    {
        if (mirror is null)
            return [];
        var sending = await mirror.LockAsync(ids, cancellation);
        for (var tries = 1; sending.Count > 0 && ids.Count == 1 && tries < MaxLockTries; tries++)
        {
            await Task.Delay(LockInterval, TimeProvider.System, cancellation);
            sending = await mirror.LockAsync(ids, cancellation);
        }

        return [.. sending];
    }

    private async Task<List<ChangeableRow>> LockAsync(
        NpgsqlConnection connection,
        long tenantNo,
        IReadOnlyList<DeliveryId> ids,
        HashSet<DeliveryId> sending,
        CancellationToken cancellation)
    {
        await connection.Command(ChangeStatements.ShareRetention).RunAsync(cancellation);
        var retired = (await connection.Command(ChangeStatements.RetiredDays)
            .ReadAllAsync(row => row.GetFieldValue<DateOnly>(0), cancellation)).ToHashSet();
        var wanted = ids.Select(id => id.Value).Where(id => !retired.Contains(PartitionSet.DayOf(id))).ToArray();
        // What is being settled is waited for here, and then found in the history.
        var rows = await connection.Command(ChangeStatements.LockUnfinished)
            .Bind(wanted)
            .Bind(tenantNo)
            .BindNow(clock)
            .ReadAllAsync(ChangeableRow.Read, cancellation);
        var rest = wanted.Except(rows.Select(row => row.Id.Value)).ToArray();
        if (rest.Length > 0)
        {
            rows.AddRange(await connection.Command(ChangeStatements.LockEnded)
                .Bind(rest)
                .Bind(tenantNo)
                .ReadAllAsync(ChangeableRow.Read, cancellation));
        }

        return [.. rows
            .Where(row => !retired.Contains(PartitionSet.DayOf(row.Event.Value)))
            .Select(row => sending.Contains(row.Id) ? row with { InFlight = true } : row)
            .OrderBy(row => row.Id.Value)];
    }

    private async Task<List<Wakeups.DueDelivery>> WriteAsync(
        NpgsqlConnection connection, List<(ChangeableRow Row, Change? Change)> changes, CancellationToken cancellation)
    {
        var due = new List<Wakeups.DueDelivery>();
        foreach (var group in changes.Where(change => change.Change is Change.Replay).GroupBy(change => change.Row.Ended))
        {
            var rows = group.ToDictionary(change => change.Row.Id, change => (change.Row, ((Change.Replay)change.Change!).Class));
            var replayed = await connection.Command(group.Key ? ChangeStatements.ReplayEnded : ChangeStatements.ReplayUnfinished)
                .Bind([.. rows.Keys.Select(id => id.Value)])
                .Bind(NpgsqlDbType.Array | NpgsqlDbType.Smallint, rows.Values.Select(row => (short)row.Class).ToArray())
                .BindNow(clock)
                .ReadAllAsync(row => (Id: new DeliveryId(row.GetGuid(0)), Version: row.GetInt64(1), Due: row.Time(2)), cancellation);
            due.AddRange(replayed.Select(now => DueOf(rows[now.Id].Row, rows[now.Id].Class, now.Due, now.Version)));
        }

        foreach (var group in changes.Where(change => change.Change is Change.Cancel)
            .GroupBy(change => (change.Row.Ended, (Change.Cancel)change.Change!)))
        {
            var cancel = group.Key.Item2;
            await connection.Command(group.Key.Ended ? ChangeStatements.CancelEnded : ChangeStatements.CancelUnfinished)
                .Bind([.. group.Select(change => change.Row.Id.Value)])
                .Bind(cancel.Error.Code)
                .Bind(cancel.Error.Message)
                .Bind(cancel.At)
                .BindNow(clock)
                .RunAsync(cancellation);
        }

        return due;
    }

    private static Wakeups.DueDelivery DueOf(ChangeableRow row, int laneClass, DateTimeOffset due, long version) =>
        new(new QueuedDelivery(row.Id, row.Tenant, row.Subscriber, laneClass, due, version), row.SubscriberNo);

    // It is committed: whoever called it off meanwhile must not keep the queue from knowing.
    private async Task PublishAsync(List<(ChangeableRow Row, Change? Change)> changes, List<Wakeups.DueDelivery> due)
    {
        await wakeups.EndedAsync(
            [.. changes.Where(change => change.Change is Change.Cancel).Select(change => change.Row.Id)], CancellationToken.None);
        await wakeups.DueAsync(due, CancellationToken.None);
    }
}
