using Hookstream.Core.Paging;
using Hookstream.Core.Signing;
using Hookstream.Storage.Postgres.Catalogs;
using Hookstream.Storage.Postgres.Circuits;
using Hookstream.Storage.Postgres.Events;
using Hookstream.Storage.Postgres.OperationalEvents;
using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Replays;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Subscribers;

internal sealed class PostgresSubscriberStore(
    Sessions sessions,
    CatalogSync sync,
    CatalogWriting writing,
    SubscriberCatalog catalog,
    SubscriberRows rows,
    CancellationBacklog backlog,
    EndpointHolds holds,
    PartitionSet partitions,
    OperationalEventWriter operational,
    StoreClock clock) : ISubscriberStore
{
    private const string Lock =
        $"select {SubscriberRows.Columns} from subscribers s where s.id = $1 and s.tenant = $2 and s.deleted_at is null for update";

    // Against its deletion meanwhile, which is not seen by the reference alone.
    private const string LockOwner = "select no from tenants where no = $1 and deleted_at is null for update";

    private const string Challenge =
        """
        update subscribers
        set verified_at = $2, challenge_due_at = $3, challenge_failures = 0, challenge_since = $4
        where no = $1
        """;

    private const string SetGate =
        """
        update subscribers
        set paused = $2, disabled_reason = $3, opened_at = $4, updated_at = $5
        where no = $1
        """;

    private const string RecordVerified =
        """
        update subscribers
        set verified_at = $2, opened_at = $2, challenge_due_at = null
        where no = $1
        """;

    // Who took longer than the hold finds that somebody else has sent it since, and counts no second time.
    private const string RecordFailure =
        """
        update subscribers
        set challenge_failures = challenge_failures + 1, challenge_due_at = $2
        where no = $1 and challenge_failures = $3
        """;

    private const string Delete =
        """
        update subscribers
        set deleted_at = $2, cancelling = true, cancelling_since = $2, challenge_due_at = null
        where no = $1
        """;

    // Index: subscribers_tenant.
    internal const string List =
        $"""
        select {SubscriberRows.Columns}
        from subscribers s
        where s.tenant = $1 and s.deleted_at is null and ($2::uuid is null or s.id < $2)
        order by s.id desc
        limit $3
        """;

    // Index: subscribers_challenge. Materialized: inside a join it may run once for each row, and then its limit limits nothing.
    private const string TakeDue =
        """
        with due as materialized (
            select no
            from subscribers
            where challenge_due_at <= coalesce($1, statement_timestamp()) and deleted_at is null
            order by challenge_due_at
            limit $3
            for update skip locked
        )
        update subscribers s
        set challenge_due_at = coalesce($1, statement_timestamp()) + $2
        from due
        where s.no = due.no
        returning s.no, s.challenge_failures, s.challenge_since, s.tenant
        """;

    private const string ReturnTaken =
        """
        update subscribers
        set challenge_due_at = coalesce($3, statement_timestamp())
        where id = $1 and challenge_failures = $2 and challenge_due_at is not null and deleted_at is null
        """;

    public async Task<Subscriber> CreateAsync(
        TenantId tenant, SubscriberSettings settings, SigningSecret secret, CancellationToken cancellation)
    {
        var owner = await sync.FindTenantAsync(tenant, cancellation)
            ?? throw new StoreUnavailableException("the tenant has been deleted");
        var now = clock.Now();
        var gate = new EndpointGate { Verification = rows.Effective(settings), OpenedAt = now };
        var subscriber = new Subscriber(SubscriberId.New(now), tenant, settings, gate, now, now);
        var snapshot = new EndpointSnapshot(subscriber, new SigningSecrets(secret));
        var created = await writing.ChangeAsync(
            owner.No,
            shuts: false,
            async connection =>
            {
                if ((await connection.Command(LockOwner).Bind(owner.No).ReadAllAsync(row => row.GetInt64(0), cancellation)).Count == 0)
                    throw new StoreUnavailableException("the tenant has been deleted");
                await rows.InsertAsync(
                    connection, owner.No, snapshot, gate.Verification == VerificationMode.None ? null : now, cancellation);
                return (true, subscriber);
            },
            cancellation);
        if (catalog.TryGet(tenant, created.Id, out var entry))
            await holds.PublishAsync([entry.No], cancellation);
        return created;
    }

    public async ValueTask<Subscriber?> FindAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        (await FindEndpointAsync(tenant, id, cancellation))?.Subscriber;

    public async ValueTask<EndpointSnapshot?> FindEndpointAsync(
        TenantId tenant, SubscriberId id, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(tenant, cancellation) is not { } owner)
            return null;
        await sync.EnsureCurrentAsync(owner.No, cancellation);
        return catalog.TryGet(tenant, id, out var entry) ? entry.Snapshot : null;
    }

    public async Task<Page<Subscriber>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(tenant, cancellation) is not { } owner)
            return new Page<Subscriber>([], null);
        var listed = await sessions.General.ReadAsync(
            connection => connection.Command(List)
                .Bind(owner.No)
                .Bind(page.After)
                .Bind(page.Limit + 1L)
                .ReadAllAsync(row => rows.Read(row, tenant).Subscriber, cancellation),
            cancellation);
        return Pages.Of(listed, page.Limit, subscriber => subscriber.Id.Value);
    }

    public Task<Subscriber?> UpdateAsync(
        TenantId tenant,
        SubscriberId id,
        Func<SubscriberSettings, SubscriberSettings> change,
        CancellationToken cancellation) =>
        ChangeAsync(tenant, id, shuts: false, (connection, row) => UpdateAsync(connection, row, change, cancellation), cancellation);

    public async Task<SigningSecrets?> RotateSecretAsync(
        TenantId tenant, SubscriberId id, SigningSecret secret, TimeSpan grace, CancellationToken cancellation)
    {
        SigningSecrets? live = null;
        return await ChangeSecretsAsync(
            tenant, id, (secrets, now) => live = secrets.Rotate(secret, grace, now), cancellation) is null
            ? null
            : live;
    }

    public async Task<bool> EndGracePeriodAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        await ChangeSecretsAsync(tenant, id, (secrets, _) => new SigningSecrets(secrets.Current), cancellation) is not null;

    public async Task<Subscriber?> SetPausedAsync(
        TenantId tenant, SubscriberId id, bool paused, CancellationToken cancellation)
    {
        while (true)
        {
            var disabledBefore = false;
            var no = 0L;
            var changed = await ChangeAsync(
                tenant,
                id,
                shuts: paused,
                async (connection, row) =>
                {
                    // What was pending when it was disabled goes first; what it gets from here on would go with it.
                    no = row.No;
                    disabledBefore = !paused && row.Cancelling;
                    return disabledBefore ? row.Subscriber : await SetPausedAsync(connection, row, paused, cancellation);
                },
                cancellation);
            if (!disabledBefore)
                return changed;
            await backlog.FinishAsync(no, cancellation);
        }
    }

    public async Task<Subscriber?> ResetCircuitAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation)
    {
        await partitions.EnsureAheadAsync(cancellation);
        AppendWrite? told = null;
        return await ChangeAsync(
            tenant,
            id,
            shuts: false,
            async (connection, row) =>
            {
                await connection.Command(CircuitStatements.Reset).Bind(row.No).RunAsync(cancellation);
                var gate = row.Subscriber.Gate;
                var circuit = gate.Circuit.Reset();
                told = await operational.WriteAsync(
                    connection, [.. operational.OfCircuit(tenant, id, gate.Circuit.OpenedAt, circuit)]);
                return row.Subscriber with { Gate = gate with { Circuit = circuit } };
            },
            cancellation,
            () => operational.PublishAsync(told));
    }

    public async Task<bool> DeleteAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        await ChangeAsync(
            tenant,
            id,
            shuts: true,
            async (connection, row) =>
            {
                await connection.Command(Delete).Bind(row.No).Bind(clock.Now()).RunAsync(cancellation);
                return row.Subscriber;
            },
            cancellation) is not null;

    public async Task<IReadOnlyList<DueChallenge>> TakeChallengesAsync(
        int limit, TimeSpan hold, CancellationToken cancellation)
    {
        var due = await sessions.General.ReadAsync(
            connection => connection.Command(TakeDue)
                .BindNow(clock)
                .Bind(hold)
                .Bind((long)limit)
                .ReadAllAsync(
                    row => (No: row.GetInt64(0), Failures: row.GetInt32(1), Since: row.Time(2), TenantNo: row.GetInt64(3)),
                    cancellation),
            cancellation);
        // Made or changed on another node just now, it is nevertheless sent to where it says.
        foreach (var tenantNo in due.Select(row => row.TenantNo).Distinct())
            await sync.EnsureCurrentAsync(tenantNo, cancellation);
        return [.. due
            .Select(row => catalog.TryGet(row.No, out var entry) ? new DueChallenge(entry.Snapshot, row.Failures, row.Since) : null)
            .OfType<DueChallenge>()];
    }

    public Task ReturnChallengeAsync(DueChallenge taken, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            connection => connection.Command(ReturnTaken)
                .Bind(taken.Endpoint.Id.Value)
                .Bind(NpgsqlDbType.Integer, taken.Failures)
                .BindNow(clock)
                .RunAsync(cancellation),
            cancellation);

    public Task<Subscriber?> RecordChallengeAsync(
        TenantId tenant,
        SubscriberId id,
        Uri url,
        bool verified,
        int failuresBefore,
        TimeSpan? retryIn,
        CancellationToken cancellation) =>
        ChangeAsync(
            tenant,
            id,
            shuts: false,
            async (connection, row) =>
            {
                var before = row.Subscriber;
                if (before.Settings.Url != url)
                    return before;
                var now = clock.Now();
                if (!verified)
                {
                    await connection.Command(RecordFailure)
                        .Bind(row.No)
                        .Bind(now + retryIn)
                        .Bind(NpgsqlDbType.Integer, failuresBefore)
                        .RunAsync(cancellation);
                    return before;
                }

                await connection.Command(RecordVerified).Bind(row.No).Bind(now).RunAsync(cancellation);
                return before with { Gate = before.Gate with { VerifiedAt = now, OpenedAt = now } };
            },
            cancellation);

    private async Task<Subscriber> UpdateAsync(
        NpgsqlConnection connection,
        SubscriberRow row,
        Func<SubscriberSettings, SubscriberSettings> change,
        CancellationToken cancellation)
    {
        var before = row.Subscriber;
        var settings = change(before.Settings);
        var now = clock.Now();
        var moved = settings.Url != before.Settings.Url;
        var gate = before.Gate with
        {
            Verification = rows.Effective(settings),
            VerifiedAt = moved ? null : before.Gate.VerifiedAt,
        };
        var after = before with { Settings = settings, Gate = gate, UpdatedAt = now };
        await rows.UpdateAsync(connection, row.TenantNo, after, cancellation);
        // A challenge is due where the endpoint is new, or was not asked before.
        var asks = gate.Verification != VerificationMode.None && gate.VerifiedAt is null;
        if (moved || (asks && gate.Verification != before.Gate.Verification))
        {
            await connection.Command(Challenge)
                .Bind(row.No)
                .Bind(gate.VerifiedAt)
                .Bind(asks ? now : null)
                .Bind(now)
                .RunAsync(cancellation);
        }

        return after;
    }

    private Task<Subscriber?> ChangeSecretsAsync(
        TenantId tenant,
        SubscriberId id,
        Func<SigningSecrets, DateTimeOffset, SigningSecrets> change,
        CancellationToken cancellation) =>
        ChangeAsync(
            tenant,
            id,
            shuts: false,
            async (connection, row) =>
            {
                var now = clock.Now();
                var after = new EndpointSnapshot(
                    row.Subscriber with { UpdatedAt = now }, change(row.Snapshot.Secrets, now));
                await rows.UpdateSecretsAsync(connection, row.No, after, cancellation);
                return after.Subscriber;
            },
            cancellation);

    private async Task<Subscriber> SetPausedAsync(
        NpgsqlConnection connection, SubscriberRow row, bool paused, CancellationToken cancellation)
    {
        var before = row.Subscriber;
        var now = clock.Now();
        var gate = before.Gate with
        {
            Paused = paused,
            DisabledReason = paused ? before.Gate.DisabledReason : null,
            OpenedAt = !paused && before.Gate.Status != SubscriberStatus.Active ? now : before.Gate.OpenedAt,
        };
        await connection.Command(SetGate)
            .Bind(row.No)
            .Bind(NpgsqlDbType.Boolean, gate.Paused)
            .Bind(gate.DisabledReason)
            .Bind(gate.OpenedAt)
            .Bind(now)
            .RunAsync(cancellation);
        return before with { Gate = gate, UpdatedAt = now };
    }

    // The row is locked, so that changes of one subscriber never overtake each other, whichever nodes make them.
    private async Task<Subscriber?> ChangeAsync(
        TenantId tenant,
        SubscriberId id,
        bool shuts,
        Func<NpgsqlConnection, SubscriberRow, Task<Subscriber>> change,
        CancellationToken cancellation,
        Func<ValueTask>? committed = null)
    {
        if (await sync.FindTenantAsync(tenant, cancellation) is not { } owner)
            return null;
        var no = 0L;
        var answer = await writing.ChangeAsync<Subscriber?>(
            owner.No,
            shuts,
            async connection =>
            {
                var found = await connection.Command(Lock)
                    .Bind(id.Value)
                    .Bind(owner.No)
                    .ReadAllAsync(row => rows.Read(row, tenant), cancellation);
                if (found is not [var row])
                    return (false, null);
                no = row.No;
                return (true, await change(connection, row));
            },
            cancellation);
        if (answer is null)
            return null;
        if (committed is not null)
            await committed();
        await holds.PublishAsync([no], cancellation);
        return answer;
    }
}
