using Hookstream.Core.Circuits;
using Hookstream.Core.Paging;
using Hookstream.Core.Signing;
using Hookstream.Storage.Sqlite.Circuits;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Hookstream.Storage.Sqlite.Replays;

namespace Hookstream.Storage.Sqlite.Subscribers;

internal sealed class SqliteSubscriberStore(
    GroupCommit writer,
    ReaderPool readers,
    TenantCatalog tenants,
    SubscriberCatalog catalog,
    SubscriberRows rows,
    SubscriberRemoval removal,
    CancellationBacklog backlog,
    LaneSet lanes,
    Func<OperationalEventWriter> newOperational,
    TimeProvider time) : ISubscriberStore
{
    private const string Challenge =
        """
        update subscribers
        set verified_at = ?2, challenge_due_at = ?3, challenge_failures = ?4, challenge_since = ?5
        where no = ?1
        """;

    private const string SetGate =
        """
        update subscribers
        set paused = ?2, disabled_reason = ?3, opened_at = ?4, updated_at = ?5
        where no = ?1
        """;

    private const string RecordVerified =
        """
        update subscribers
        set verified_at = ?2, opened_at = ?2, challenge_due_at = null
        where no = ?1
        """;

    private const string RecordFailure =
        """
        update subscribers
        set challenge_failures = challenge_failures + 1, challenge_due_at = ?2
        where no = ?1 and challenge_failures = ?3
        """;

    // Index: subscribers_tenant.
    internal const string List =
        """
        select no
        from subscribers
        where tenant = ?1 and deleted_at is null and (?2 is null or id < ?2)
        order by id desc
        limit ?3
        """;

    // Index: subscribers_challenge.
    internal const string Due =
        """
        select no, challenge_failures, challenge_since
        from subscribers
        where challenge_due_at is not null and challenge_due_at <= ?1
        order by challenge_due_at
        limit ?2
        """;

    private const string Hold =
        """
        update subscribers
        set challenge_due_at = ?2
        where no = ?1
        """;

    private const string ReturnTaken =
        """
        update subscribers
        set challenge_due_at = ?2
        where no = ?1 and challenge_failures = ?3 and challenge_due_at is not null
        """;

    public Task<Subscriber> CreateAsync(
        TenantId tenant, SubscriberSettings settings, SigningSecret secret, CancellationToken cancellation)
    {
        SubscriberEntry? created = null;
        return writer.WriteAsync(
            database =>
            {
                if (!tenants.TryGet(tenant, out var owner))
                    throw new StoreUnavailableException("the tenant has been deleted");
                var now = time.Now();
                var gate = new EndpointGate { Verification = rows.Effective(settings), OpenedAt = now };
                var subscriber = new Subscriber(SubscriberId.New(now), tenant, settings, gate, now, now);
                var snapshot = new EndpointSnapshot(subscriber, new SigningSecrets(secret));
                var no = rows.InsertRow(
                    database, owner.No, snapshot, gate.Verification == VerificationMode.None ? null : now);
                created = new SubscriberEntry(no, owner.No, snapshot, cancelling: false);
                return subscriber;
            },
            _ => catalog.Add(created!));
    }

    public ValueTask<Subscriber?> FindAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        ValueTask.FromResult(catalog.TryGet(tenant, id, out var entry) ? entry.Subscriber : null);

    public ValueTask<EndpointSnapshot?> FindEndpointAsync(
        TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        ValueTask.FromResult(catalog.TryGet(tenant, id, out var entry) ? entry.Snapshot : null);

    public async Task<Page<Subscriber>> ListAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        if (!tenants.TryGet(tenant, out var owner))
            return new Page<Subscriber>([], null);
        var numbers = await readers.ReadAsync(
            database => database.Prepare(List)
                .Bind(1, owner.No)
                .Bind(2, page.After)
                .Bind(3, page.Limit + 1L)
                .ReadAll(row => row.Int64(0)),
            cancellation);
        var listed = numbers.Take(page.Limit)
            .Select(no => catalog.TryGet(no, out var entry) ? entry.Subscriber : null)
            .OfType<Subscriber>()
            .ToList();
        return new Page<Subscriber>(
            listed, numbers.Count > page.Limit && listed.Count > 0 ? listed[^1].Id.Value : null);
    }

    public Task<Subscriber?> UpdateAsync(
        TenantId tenant,
        SubscriberId id,
        Func<SubscriberSettings, SubscriberSettings> change,
        CancellationToken cancellation) =>
        ChangeAsync(tenant, id, (database, entry) =>
        {
            var before = entry.Subscriber;
            var settings = change(before.Settings);
            var now = time.Now();
            var moved = settings.Url != before.Settings.Url;
            var gate = before.Gate with
            {
                Verification = rows.Effective(settings),
                VerifiedAt = moved ? null : before.Gate.VerifiedAt,
            };
            var after = before with { Settings = settings, Gate = gate, UpdatedAt = now };
            rows.Update(database, entry.TenantNo, after);
            // A challenge is due where the endpoint is new, or was not asked before.
            var asks = gate.Verification != VerificationMode.None && gate.VerifiedAt is null;
            if (moved || (asks && gate.Verification != before.Gate.Verification))
            {
                database.Prepare(Challenge)
                    .Bind(1, entry.No)
                    .Bind(2, gate.VerifiedAt)
                    .Bind(3, asks ? now : null)
                    .Bind(4, 0)
                    .Bind(5, now)
                    .Run();
            }

            return after;
        });

    public async Task<SigningSecrets?> RotateSecretAsync(
        TenantId tenant, SubscriberId id, SigningSecret secret, TimeSpan grace, CancellationToken cancellation) =>
        (await ChangeSecretsAsync(tenant, id, (secrets, now) => secrets.Rotate(secret, grace, now)))?.Secrets;

    public async Task<bool> EndGracePeriodAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation) =>
        await ChangeSecretsAsync(tenant, id, (secrets, _) => new SigningSecrets(secrets.Current)) is not null;

    public async Task<Subscriber?> SetPausedAsync(
        TenantId tenant, SubscriberId id, bool paused, CancellationToken cancellation)
    {
        if (!catalog.TryGet(tenant, id, out var entry))
            return null;
        while (true)
        {
            if (!paused)
                await backlog.FinishAsync(entry, cancellation);
            var disabledAgain = false;
            var changed = await ChangeAsync(tenant, id, (database, current) =>
            {
                // Disabled since: opened now, what it gets from here on would be cancelled with the rest.
                disabledAgain = !paused && current.Cancelling;
                return disabledAgain ? current.Subscriber : SetPaused(database, current, paused);
            });
            if (!disabledAgain)
                return changed;
        }
    }

    public Task<Subscriber?> ResetCircuitAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation)
    {
        SubscriberEntry? entry = null;
        EndpointCircuit? circuit = null;
        var operational = newOperational();
        return writer.WriteAsync(
            database =>
            {
                operational.Clear();
                if (!catalog.TryGet(tenant, id, out entry))
                    return null;
                var before = CircuitRows.Read(database, entry);
                circuit = before.Reset();
                CircuitRows.Write(database, entry, circuit);
                operational.CircuitChanged(database, entry, before, circuit, time.Now());
                return entry.Subscriber with { Gate = entry.Subscriber.Gate with { Circuit = circuit } };
            },
            reset =>
            {
                operational.Committed();
                if (reset is not null && entry is { Deleted: false })
                    SettledCircuits.Publish(entry, circuit!, lanes);
            });
    }

    public Task<bool> DeleteAsync(TenantId tenant, SubscriberId id, CancellationToken cancellation)
    {
        SubscriberEntry? removed = null;
        return writer.WriteAsync(
            database =>
            {
                if (!catalog.TryGet(tenant, id, out removed))
                    return false;
                removal.Remove(database, removed);
                return true;
            },
            _ =>
            {
                if (removed is { Deleted: false })
                    removal.PublishRemoval(removed);
            });
    }

    public async Task<IReadOnlyList<DueChallenge>> TakeChallengesAsync(
        int limit, TimeSpan hold, CancellationToken cancellation)
    {
        // Mostly nothing is due, and then nothing is written.
        if ((await readers.ReadAsync(database => ReadDue(database, 1), cancellation)).Count == 0)
            return [];
        return await writer.WriteAsync(database =>
        {
            var due = ReadDue(database, limit);
            foreach (var (no, _) in due)
                database.Prepare(Hold).Bind(1, no).Bind(2, time.Now() + hold).Run();
            return due.Select(row => row.Challenge).OfType<DueChallenge>().ToList();
        });
    }

    public Task ReturnChallengeAsync(DueChallenge taken, CancellationToken cancellation) =>
        ChangeAsync(taken.Endpoint.Subscriber.Tenant, taken.Endpoint.Id, (database, entry) =>
        {
            database.Prepare(ReturnTaken).Bind(1, entry.No).Bind(2, time.Now()).Bind(3, taken.Failures).Run();
            return entry.Subscriber;
        });

    public Task<Subscriber?> RecordChallengeAsync(
        TenantId tenant,
        SubscriberId id,
        Uri url,
        bool verified,
        int failuresBefore,
        TimeSpan? retryIn,
        CancellationToken cancellation) =>
        ChangeAsync(tenant, id, (database, entry) =>
        {
            var before = entry.Subscriber;
            if (before.Settings.Url != url)
                return before;
            var now = time.Now();
            if (!verified)
            {
                database.Prepare(RecordFailure).Bind(1, entry.No).Bind(2, now + retryIn).Bind(3, failuresBefore).Run();
                return before;
            }

            database.Prepare(RecordVerified).Bind(1, entry.No).Bind(2, now).Run();
            return before with { Gate = before.Gate with { VerifiedAt = now, OpenedAt = now } };
        });

    private List<(long No, DueChallenge? Challenge)> ReadDue(DatabaseConnection database, int limit) =>
        [.. database.Prepare(Due)
            .Bind(1, time.Now())
            .Bind(2, limit)
            .ReadAll(row => (row.Int64(0), catalog.TryGet(row.Int64(0), out var entry)
                ? new DueChallenge(entry.Snapshot, row.Int32(1), row.Time(2))
                : null))];

    private Subscriber SetPaused(DatabaseConnection database, SubscriberEntry entry, bool paused)
    {
        var before = entry.Subscriber;
        var now = time.Now();
        var gate = before.Gate with
        {
            Paused = paused,
            DisabledReason = paused ? before.Gate.DisabledReason : null,
            OpenedAt = !paused && before.Gate.Status != SubscriberStatus.Active ? now : before.Gate.OpenedAt,
        };
        database.Prepare(SetGate)
            .Bind(1, entry.No)
            .Bind(2, gate.Paused)
            .Bind(3, gate.DisabledReason)
            .Bind(4, gate.OpenedAt)
            .Bind(5, now)
            .Run();
        return before with { Gate = gate, UpdatedAt = now };
    }

    private Task<EndpointSnapshot?> ChangeSecretsAsync(
        TenantId tenant, SubscriberId id, Func<SigningSecrets, DateTimeOffset, SigningSecrets> change) =>
        ChangeEndpointAsync(tenant, id, (database, entry) =>
        {
            var now = time.Now();
            var after = new EndpointSnapshot(
                entry.Subscriber with { UpdatedAt = now }, change(entry.Snapshot.Secrets, now));
            rows.UpdateSecrets(database, entry.No, after);
            return after;
        });

    private async Task<Subscriber?> ChangeAsync(
        TenantId tenant, SubscriberId id, Func<DatabaseConnection, SubscriberEntry, Subscriber> change) =>
        (await ChangeEndpointAsync(
            tenant, id, (database, entry) => entry.Snapshot with { Subscriber = change(database, entry) }))?.Subscriber;

    // Reads, changes and publishes on the writer's thread, so that changes of one subscriber never overtake each other.
    private Task<EndpointSnapshot?> ChangeEndpointAsync(
        TenantId tenant, SubscriberId id, Func<DatabaseConnection, SubscriberEntry, EndpointSnapshot> change)
    {
        SubscriberEntry? changed = null;
        return writer.WriteAsync(
            database => catalog.TryGet(tenant, id, out changed) ? change(database, changed) : null,
            after =>
            {
                if (after is null || changed is not { Deleted: false })
                    return;
                // Outcomes may have changed these since the change was worked out.
                var gate = changed.Subscriber.Gate;
                catalog.Change(changed, after with
                {
                    Subscriber = after.Subscriber with
                    {
                        Gate = after.Subscriber.Gate with { Circuit = gate.Circuit, BlockedUntil = gate.BlockedUntil },
                    },
                });
                lanes.GateChanged(changed.Lane);
            });
    }
}
