using Hookstream.Core.Circuits;
using Hookstream.Core.Encryption;
using Hookstream.Core.Signing;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Subscribers;

/// <summary>How subscribers are kept in their table; secrets are encrypted, bound to the subscriber's id.</summary>
internal sealed class SubscriberRows(EncryptionKeyring keyring, VerificationMode verification)
{
    public const string Columns =
        """
        s.no, s.id, s.tenant, s.url, s.events, s.description, s.timeout_ms, s.retry_schedule, s.max_in_flight,
            s.payload_format, s.verification, s.metadata, s.secret, s.previous_secret, s.previous_secret_expires_at, s.paused,
            s.disabled_reason, s.verified_at, s.blocked_until, s.opened_at, s.created_at, s.updated_at, s.cancelling,
            s.rate_limit_per_second, s.circuit_threshold, s.circuit_cooldown_ms, s.headers,
            s.circuit_failures, s.circuit_opened_at, s.circuit_probe_at, s.circuit_epoch
        """;

    private const string Insert =
        """
        insert into subscribers (
            id, tenant, url, events, description, timeout_ms, retry_schedule, max_in_flight, payload_format, verification,
            metadata, effective_verification, rate_limit_per_second, circuit_threshold, circuit_cooldown_ms, headers,
            opened_at, created_at, updated_at, challenge_since, secret, challenge_due_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $17, $17, $18, $19)
        """;

    private const string UpdateSettings =
        """
        update subscribers
        set url = $3, events = $4, description = $5, timeout_ms = $6, retry_schedule = $7, max_in_flight = $8,
            payload_format = $9, verification = $10, metadata = $11, effective_verification = $12, rate_limit_per_second = $13,
            circuit_threshold = $14, circuit_cooldown_ms = $15, headers = $16, updated_at = $17
        where id = $1 and tenant = $2
        """;

    private const string UpdateSecretsOf =
        """
        update subscribers
        set secret = $2, previous_secret = $3, previous_secret_expires_at = $4, updated_at = $5
        where no = $1
        """;

    // A deployment whose least verification has changed since.
    private const string Reapply =
        """
        update subscribers
        set effective_verification = case when $1 = 2 then 2 else coalesce(verification, $1) end
        where effective_verification <> case when $1 = 2 then 2 else coalesce(verification, $1) end
        """;

    /// <summary>The keys of what is encrypted in them.</summary>
    public EncryptionKeyring Keyring => keyring;

    public Task InsertAsync(
        NpgsqlConnection connection,
        long tenantNo,
        EndpointSnapshot snapshot,
        DateTimeOffset? challengeDue,
        CancellationToken cancellation) =>
        BindSettings(connection.Command(Insert), tenantNo, snapshot.Subscriber)
            .Bind(snapshot.Subscriber.CreatedAt)
            .Bind(NpgsqlDbType.Bytea, keyring.Encrypt(snapshot.Secrets.Current, snapshot.Id))
            .Bind(challengeDue)
            .RunAsync(cancellation);

    public Task UpdateAsync(
        NpgsqlConnection connection, long tenantNo, Subscriber subscriber, CancellationToken cancellation) =>
        BindSettings(connection.Command(UpdateSettings), tenantNo, subscriber)
            .Bind(subscriber.UpdatedAt)
            .RunAsync(cancellation);

    public Task UpdateSecretsAsync(
        NpgsqlConnection connection, long no, EndpointSnapshot snapshot, CancellationToken cancellation) =>
        connection.Command(UpdateSecretsOf)
            .Bind(no)
            .Bind(NpgsqlDbType.Bytea, keyring.Encrypt(snapshot.Secrets.Current, snapshot.Id))
            .Bind(NpgsqlDbType.Bytea, snapshot.Secrets.Previous is { } previous ? keyring.Encrypt(previous, snapshot.Id) : null)
            .Bind(snapshot.Secrets.PreviousExpiresAt)
            .Bind(snapshot.Subscriber.UpdatedAt)
            .RunAsync(cancellation);

    /// <summary>Applies the deployment's verification to all rows; it is part of each gate.</summary>
    public Task ReapplyVerificationAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.Command(Reapply).Bind(NpgsqlDbType.Integer, (int)verification).RunAsync(cancellation);

    public SubscriberRow Read(NpgsqlDataReader row, TenantId tenant)
    {
        var id = new SubscriberId(row.GetGuid(1));
        var settings = new SubscriberSettings
        {
            Url = new Uri(row.GetString(3)),
            Events = SubscriberText.ParseFilters(row.GetString(4)),
            Description = row.NullableText(5),
            Timeout = row.NullableInt32(6) is { } timeout ? TimeSpan.FromMilliseconds(timeout) : null,
            RetrySchedule = SubscriberText.ParseSchedule(row.NullableText(7)),
            MaxInFlight = row.NullableInt32(8),
            PayloadFormat = (PayloadFormat)row.GetInt32(9),
            Verification = (VerificationMode?)row.NullableInt32(10),
            Metadata = row.NullableText(11),
            RateLimitPerSecond = row.NullableDouble(23),
            CircuitThreshold = row.NullableInt32(24),
            CircuitCooldown = row.NullableInt64(25) is { } cooldown ? TimeSpan.FromMilliseconds(cooldown) : null,
            Headers = row.IsDBNull(26) ? CustomHeaders.None : keyring.DecryptHeaders(row.Bytes(26), id),
        };
        var gate = new EndpointGate
        {
            Paused = row.GetBoolean(15),
            DisabledReason = row.NullableText(16),
            Verification = Effective(settings),
            VerifiedAt = row.NullableTime(17),
            BlockedUntil = row.NullableTime(18),
            OpenedAt = row.Time(19),
            Circuit = new EndpointCircuit
            {
                Failures = row.GetInt32(27),
                OpenedAt = row.NullableTime(28),
                ProbeAt = row.NullableTime(29),
                Epoch = row.GetInt64(30),
            },
        };
        var secrets = new SigningSecrets(
            keyring.Decrypt(row.Bytes(12), id),
            row.IsDBNull(13) ? null : keyring.Decrypt(row.Bytes(13), id),
            row.NullableTime(14));
        var subscriber = new Subscriber(id, tenant, settings, gate, row.Time(20), row.Time(21));
        return new SubscriberRow(
            row.GetInt64(0), row.GetInt64(2), new EndpointSnapshot(subscriber, secrets), row.GetBoolean(22));
    }

    /// <summary>What a subscriber has to do to be verified: the deployment's setting is the least.</summary>
    public VerificationMode Effective(SubscriberSettings settings) =>
        verification == VerificationMode.Required ? verification : settings.Verification ?? verification;

    private NpgsqlCommand BindSettings(NpgsqlCommand command, long tenantNo, Subscriber subscriber)
    {
        var settings = subscriber.Settings;
        return command
            .Bind(subscriber.Id.Value)
            .Bind(tenantNo)
            .Bind(settings.Url.OriginalString)
            .Bind(SubscriberText.Of(settings.Events))
            .Bind(settings.Description)
            .Bind(NpgsqlDbType.Integer, (int?)settings.Timeout?.TotalMilliseconds)
            .Bind(settings.RetrySchedule?.ToString())
            .Bind(NpgsqlDbType.Integer, settings.MaxInFlight)
            .Bind(NpgsqlDbType.Integer, (int)settings.PayloadFormat)
            .Bind(NpgsqlDbType.Integer, (int?)settings.Verification)
            .Bind(settings.Metadata)
            .Bind(NpgsqlDbType.Integer, (int)subscriber.Gate.Verification)
            .Bind(NpgsqlDbType.Double, settings.RateLimitPerSecond)
            .Bind(NpgsqlDbType.Integer, settings.CircuitThreshold)
            .Bind(NpgsqlDbType.Bigint, (long?)settings.CircuitCooldown?.TotalMilliseconds)
            .Bind(NpgsqlDbType.Bytea, keyring.Encrypt(settings.Headers, subscriber.Id));
    }
}
