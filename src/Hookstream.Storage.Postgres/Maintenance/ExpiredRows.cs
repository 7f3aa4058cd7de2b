namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>
/// Removes what has expired row by row, in chunks: of days that must stay because something of them is still needed, and
/// idempotency keys.
/// </summary>
internal sealed class ExpiredRows(Sessions sessions, StoreClock clock)
{
    internal const int Chunk = 500;

    // Primary key of one partition.
    internal const string OldDeliveries =
        """
        select id
        from deliveries
        where id > $1 and id < $2 and finished_at < $3
        order by id
        limit $4
        """;

    // Asked again: it may have been replayed since it was read, and have ended anew.
    private const string DeleteDeliveries =
        """
        with gone as (
            delete from deliveries
            where id = any ($1) and finished_at < $2
            returning id
        ),
        gone_attempts as (
            delete from attempts
            where delivery = any ($1) and delivery in (select id from gone)
        )
        select count(*) from gone
        """;

    // Primary key of one partition; indexes: unfinished_event, deliveries_event of that day and later ones.
    internal const string OldEvents =
        $"""
        select e.id, u.one is not null or d.one is not null
        from (
            select id
            from events
            where id > $1 and id < $3
            order by id
            limit $4
        ) e
        {Needs}
        order by e.id
        """;

    private const string LockEvents = "select id from events where id = any ($1) order by id for update";

    // Asked again, now that nobody can replay them to someone new.
    internal const string DeleteEvents =
        $"""
        delete from events
        using unnest($1) as e (id)
        {Needs}
        where events.id = e.id and u.one is null and d.one is null
        """;

    internal const string DeleteKeys =
        """
        delete from idempotency_keys
        where ctid = any (array(
            select ctid
            from idempotency_keys
            where expires_at <= coalesce($1, statement_timestamp())
            limit $2
            for update skip locked
        ))
        """;

    // One look each: as a condition, the planner may read all that waits, to look the events up in that.
    private const string Needs =
        """
        left join lateral (select 1 as one from unfinished where event = e.id limit 1) u on true
        left join lateral (select 1 as one from deliveries where event = e.id and id >= $2 limit 1) d on true
        """;

    /// <summary>Removes the expired deliveries and events of a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="cutoff">What ended before is expired.</param>
    /// <param name="goOn">Asked between chunks; false: that is enough for now.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<long> RemoveAsync(
        DateOnly day, DateTimeOffset cutoff, Func<Task<bool>> goOn, CancellationToken cancellation)
    {
        var end = PartitionSet.FirstIdOf(day.AddDays(1));
        // Deliveries are made with their event or after it, by clocks that may differ a little.
        var firstDelivery = TimeBounds.FirstIdAt(PartitionSet.StartOf(day) - TimeSpan.FromMinutes(10));
        var removed = 0L;
        for (var after = PartitionSet.FirstIdOf(day); await goOn();)
        {
            var seen = after;
            var ids = await sessions.General.ReadAsync(
                connection => connection.Command(OldDeliveries).Bind(seen).Bind(end).Bind(cutoff).Bind(Chunk)
                    .ReadAllAsync(row => row.GetGuid(0), cancellation),
                cancellation);
            if (ids.Count == 0)
                break;
            removed += await sessions.General.ChangeAsync(
                async connection => (await connection.Command(DeleteDeliveries).Bind([.. ids]).Bind(cutoff)
                    .ReadAllAsync(row => row.GetInt64(0), cancellation))[0],
                cancellation);
            after = ids[^1];
        }

        for (var after = PartitionSet.FirstIdOf(day); await goOn();)
        {
            var seen = after;
            var events = await sessions.General.ReadAsync(
                connection => connection.Command(OldEvents).Bind(seen).Bind(firstDelivery).Bind(end).Bind(Chunk)
                    .ReadAllAsync(row => (Id: row.GetGuid(0), Needed: row.GetBoolean(1)), cancellation),
                cancellation);
            if (events.Count == 0)
                break;
            Guid[] ids = [.. events.Where(row => !row.Needed).Select(row => row.Id)];
            if (ids.Length > 0)
                removed += await RemoveEventsAsync(ids, firstDelivery, cancellation);
            after = events[^1].Id;
        }

        return removed;
    }

    public async Task RemoveKeysAsync(Func<Task<bool>> goOn, CancellationToken cancellation)
    {
        while (await goOn())
        {
            var removed = await sessions.General.ChangeAsync(
                connection => connection.Command(DeleteKeys).BindNow(clock).Bind(Chunk).RunAsync(cancellation), cancellation);
            if (removed < Chunk)
                return;
        }
    }

    private Task<int> RemoveEventsAsync(Guid[] ids, Guid firstDelivery, CancellationToken cancellation) =>
        sessions.General.ChangeAsync(
            async connection =>
            {
                await connection.Command(LockEvents).Bind(ids).RunAsync(cancellation);
                return await connection.Command(DeleteEvents).Bind(ids).Bind(firstDelivery).RunAsync(cancellation);
            },
            cancellation);
}
