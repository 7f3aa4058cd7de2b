using Hookstream.Core.Encryption;
using Hookstream.Core.Signing;
using Hookstream.Storage.Sqlite.Circuits;

namespace Hookstream.Storage.Sqlite.Subscribers;

/// <summary>How subscribers are kept in their table; secrets are encrypted, bound to the subscriber's id.</summary>
internal sealed class SubscriberRows(EncryptionKeyring keyring, VerificationMode verification)
{
    public const string Columns =
        """
        no, id, tenant, url, events, description, timeout_ms, retry_schedule, max_in_flight, payload_format, verification,
        metadata, secret, previous_secret, previous_secret_expires_at, paused, disabled_reason, verified_at, blocked_until,
        opened_at, created_at, updated_at, cancelling, rate_limit_per_second, circuit_threshold, circuit_cooldown_ms, headers,
        circuit_failures, circuit_opened_at, circuit_probe_at, circuit_epoch
        """;

    private const string Insert =
        """
        insert into subscribers (
            id, tenant, url, events, description, timeout_ms, retry_schedule, max_in_flight, payload_format, verification,
            metadata, rate_limit_per_second, circuit_threshold, circuit_cooldown_ms, headers,
            opened_at, created_at, updated_at, challenge_since, secret, challenge_due_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, ?16, ?16, ?17, ?18)
        returning no
        """;

    private const string UpdateSettings =
        """
        update subscribers
        set url = ?3, events = ?4, description = ?5, timeout_ms = ?6, retry_schedule = ?7, max_in_flight = ?8,
            payload_format = ?9, verification = ?10, metadata = ?11, rate_limit_per_second = ?12,
            circuit_threshold = ?13, circuit_cooldown_ms = ?14, headers = ?15, updated_at = ?16
        where id = ?1 and tenant = ?2
        """;

    private const string UpdateSecretsOf =
        """
        update subscribers
        set secret = ?2, previous_secret = ?3, previous_secret_expires_at = ?4, updated_at = ?5
        where no = ?1
        """;

    public long InsertRow(DatabaseConnection database, long tenantNo, EndpointSnapshot snapshot, DateTimeOffset? challengeDue)
    {
        var subscriber = snapshot.Subscriber;
        return BindSettings(database.Prepare(Insert), tenantNo, subscriber)
            .Bind(16, subscriber.CreatedAt)
            .Bind(17, keyring.Encrypt(snapshot.Secrets.Current, subscriber.Id))
            .Bind(18, challengeDue)
            .Scalar(row => row.Int64(0));
    }

    public void Update(DatabaseConnection database, long tenantNo, Subscriber subscriber) =>
        BindSettings(database.Prepare(UpdateSettings), tenantNo, subscriber).Bind(16, subscriber.UpdatedAt).Run();

    public void UpdateSecrets(DatabaseConnection database, long no, EndpointSnapshot snapshot)
    {
        var secrets = snapshot.Secrets;
        var statement = database.Prepare(UpdateSecretsOf)
            .Bind(1, no)
            .Bind(2, keyring.Encrypt(secrets.Current, snapshot.Id))
            .Bind(4, secrets.PreviousExpiresAt)
            .Bind(5, snapshot.Subscriber.UpdatedAt);
        if (secrets.Previous is { } previous)
            statement.Bind(3, keyring.Encrypt(previous, snapshot.Id)).Run();
        else
            statement.BindNull(3).Run();
    }

    public SubscriberEntry Read(Statement row, TenantId tenant)
    {
        var id = new SubscriberId(row.Guid(1));
        var settings = new SubscriberSettings
        {
            Url = new Uri(row.Text(3)),
            Events = SubscriberText.ParseFilters(row.Text(4)),
            Description = row.NullableText(5),
            Timeout = row.NullableInt64(6) is { } timeout ? TimeSpan.FromMilliseconds(timeout) : null,
            RetrySchedule = SubscriberText.ParseSchedule(row.NullableText(7)),
            MaxInFlight = row.NullableInt32(8),
            PayloadFormat = (PayloadFormat)row.Int32(9),
            Verification = (VerificationMode?)row.NullableInt32(10),
            Metadata = row.NullableText(11),
            RateLimitPerSecond = row.NullableDouble(23),
            CircuitThreshold = row.NullableInt32(24),
            CircuitCooldown = row.NullableInt64(25) is { } cooldown ? TimeSpan.FromMilliseconds(cooldown) : null,
            Headers = row.IsNull(26) ? CustomHeaders.None : keyring.DecryptHeaders(row.Blob(26), id),
        };
        var gate = new EndpointGate
        {
            Paused = row.Boolean(15),
            DisabledReason = row.NullableText(16),
            Verification = Effective(settings),
            VerifiedAt = row.NullableTime(17),
            BlockedUntil = row.NullableTime(18),
            OpenedAt = row.Time(19),
            Circuit = CircuitRows.Read(row, 27),
        };
        var secrets = new SigningSecrets(
            keyring.Decrypt(row.Blob(12), id),
            row.IsNull(13) ? null : keyring.Decrypt(row.Blob(13), id),
            row.NullableTime(14));
        var subscriber = new Subscriber(id, tenant, settings, gate, row.Time(20), row.Time(21));
        return new SubscriberEntry(
            row.Int64(0), row.Int64(2), new EndpointSnapshot(subscriber, secrets), row.Boolean(22));
    }

    /// <summary>What a subscriber has to do to be verified: the deployment's setting is the least.</summary>
    public VerificationMode Effective(SubscriberSettings settings) =>
        verification == VerificationMode.Required ? verification : settings.Verification ?? verification;

    private Statement BindSettings(Statement statement, long tenantNo, Subscriber subscriber)
    {
        var settings = subscriber.Settings;
        statement
            .Bind(1, subscriber.Id.Value)
            .Bind(2, tenantNo)
            .Bind(3, settings.Url.OriginalString)
            .Bind(4, SubscriberText.Of(settings.Events))
            .Bind(5, settings.Description)
            .Bind(6, (long?)settings.Timeout?.TotalMilliseconds)
            .Bind(7, settings.RetrySchedule?.ToString())
            .Bind(8, (long?)settings.MaxInFlight)
            .Bind(9, (long)settings.PayloadFormat)
            .Bind(10, (long?)settings.Verification)
            .Bind(11, settings.Metadata)
            .Bind(12, settings.RateLimitPerSecond)
            .Bind(13, (long?)settings.CircuitThreshold)
            .Bind(14, (long?)settings.CircuitCooldown?.TotalMilliseconds);
        return keyring.Encrypt(settings.Headers, subscriber.Id) is { } headers
            ? statement.Bind(15, headers)
            : statement.BindNull(15);
    }
}
