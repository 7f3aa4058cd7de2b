using System.Net;
using Hookstream.Core.Circuits;
using Hookstream.Core.Retries;
using Hookstream.Core.Subscribers;
using Hookstream.Queue.Redis;
using Hookstream.Storage.Postgres.Database;
using StackExchange.Redis;

namespace Hookstream.Server.Configuration;

/// <summary>Reads all settings at once, so that all problems are reported together.</summary>
internal static class SettingsLoader
{
    private static readonly Dictionary<string, VerificationMode> Verifications = new()
    {
        ["none"] = VerificationMode.None,
        ["optional"] = VerificationMode.Optional,
        ["required"] = VerificationMode.Required,
    };

    private const string Token = "16 to 256 printable ASCII characters without spaces";
    private const string EncryptionKey = "base64 of 32 bytes (openssl rand -base64 32), several separated by commas, newest first";

    /// <summary>Reads the settings; null with the reader's problems when something is not accepted.</summary>
    /// <param name="reader">Where they are.</param>
    /// <param name="role">What the process is going to do; null: only look after the schema.</param>
    public static Settings? Load(SettingsReader reader, Role? role)
    {
        var settings = new Settings
        {
            Role = role ?? Role.All,
            Database = ReadDatabase(reader),
            Redis = ReadRedis(reader),
            Port = reader.Number("PORT", 3000, 1, 65_535),
            Host = reader.Parsed("HOOKSTREAM_HOST", ParseHost, "an IP address such as 0.0.0.0, or localhost"),
            DataDirectory = reader.Text("HOOKSTREAM_DATA_DIR") ?? "data",
            ApiToken = reader.Parsed("API_TOKEN", ParseToken, Token, secret: true),
            AdminToken = reader.Parsed("HOOKSTREAM_ADMIN_TOKEN", ParseToken, Token, secret: true),
            EncryptionKeys = reader.Parsed("HOOKSTREAM_ENCRYPTION_KEY", EncryptionKeys.Parse, EncryptionKey, secret: true),
            Verification = reader.Choice("HOOKSTREAM_VERIFICATION", VerificationMode.Optional, Verifications),
            WorkerConcurrency = reader.Number("WORKER_CONCURRENCY", 256, 1, 10_000),
            EndpointConcurrency = reader.Number("HOOKSTREAM_ENDPOINT_CONCURRENCY", 32, 1, 10_000),
            DeliveryTimeout = TimeSpan.FromMilliseconds(
                reader.Number("DELIVERY_TIMEOUT_MS", 30_000, 1_000, 120_000)),
            RetrySchedule = reader.Parsed(
                "HOOKSTREAM_RETRY_SCHEDULE",
                ParseSchedule,
                "1 to 20 durations separated by commas, such as 0s,30s,5m,30m,2h") ?? RetrySchedule.Default,
            MaxDeliveryAge = reader.Duration(
                "HOOKSTREAM_MAX_DELIVERY_AGE", TimeSpan.FromDays(3), TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            Circuits = new CircuitOptions
            {
                Threshold = reader.Number("HOOKSTREAM_CIRCUIT_THRESHOLD", 5, 1, 1_000),
                Cooldown = reader.Duration(
                    "HOOKSTREAM_CIRCUIT_COOLDOWN", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
            },
            DisableAfter = reader.Duration(
                "HOOKSTREAM_DISABLE_AFTER", TimeSpan.FromDays(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            MaxPayloadBytes = reader.Number("HOOKSTREAM_MAX_PAYLOAD_BYTES", 262_144, 1_024, 16 << 20),
            MaxBatchBytes = reader.Number("HOOKSTREAM_MAX_BATCH_BYTES", 8_388_608, 1_024, 256 << 20),
            ApiRateLimit = reader.OptionalNumber("HOOKSTREAM_API_RATE_LIMIT", 1, 1_000_000),
            RetentionDays = reader.Number("HOOKSTREAM_RETENTION_DAYS", 30, 1, 3_650),
            Destinations = DestinationSettings.Read(reader),
            EgressProxy = reader.Parsed("HOOKSTREAM_EGRESS_PROXY", ParseProxy, "an http or https URL"),
            MetricsPort = reader.OptionalNumber("HOOKSTREAM_METRICS_PORT", 1, 65_535),
            MetricsToken = reader.Parsed("HOOKSTREAM_METRICS_TOKEN", ParseToken, Token, secret: true),
            Diagnosis = DiagnosisSettings.Read(reader),
            Telemetry = TelemetrySettings.Read(reader),
            LogLevel = reader.Choice("LOG_LEVEL", LogLevel.Information, LogLevelWords.All),
            ShutdownDeadline = reader.Duration(
                "HOOKSTREAM_SHUTDOWN_DEADLINE", TimeSpan.FromSeconds(20), TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            ShutdownDelay = reader.Duration(
                "HOOKSTREAM_SHUTDOWN_DELAY", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        };
        if (settings.ApiToken is not null && settings.ApiToken == settings.AdminToken)
            reader.Problem("HOOKSTREAM_ADMIN_TOKEN", "it is the same as API_TOKEN; a tenant's key must not be the operator's");
        if (settings.MetricsToken is not null && (settings.MetricsToken == settings.AdminToken || settings.MetricsToken == settings.ApiToken))
            reader.Problem("HOOKSTREAM_METRICS_TOKEN", "it is the same as another token; who reads metrics must not be able to do more");
        if (settings.MetricsPort == settings.Port)
            settings = settings with { MetricsPort = null };
        if (reader.Text("DATABASE_URL") is null)
            CheckEmbedded(reader, settings.Role);
        else if (role is not null)
            CheckShared(reader, settings.Role);
        return reader.Problems.Count == 0 ? settings : null;
    }

    // Silence would be worse than refusal: a queue that is not used, two processes on one file.
    private static void CheckEmbedded(SettingsReader reader, Role role)
    {
        if (reader.Text("REDIS_URL") is not null)
        {
            reader.Problem(
                "REDIS_URL", "it needs DATABASE_URL: Redis is a queue for the store in PostgreSQL, the embedded store is its own; unset it");
        }

        if (role != Role.All)
        {
            reader.Problem(
                "--role",
                $"'{role.ToWord()}' needs a store that processes share, the embedded one serves a single process; "
                + "set DATABASE_URL, or use --role all");
        }
    }

    // What is generated is kept in a data directory, which other nodes would not have.
    private static void CheckShared(SettingsReader reader, Role role)
    {
        if (reader.Text("HOOKSTREAM_ENCRYPTION_KEY") is null)
            reader.Problem("HOOKSTREAM_ENCRYPTION_KEY", $"it is required with DATABASE_URL, the same on every node; accepted: {EncryptionKey}");
        if (role != Role.Worker && reader.Text("API_TOKEN") is null && reader.Text("HOOKSTREAM_ADMIN_TOKEN") is null)
        {
            reader.Problem(
                "API_TOKEN", $"it or HOOKSTREAM_ADMIN_TOKEN is required with DATABASE_URL, the same on every node; accepted: {Token}");
        }
    }

    private static DatabaseSettings? ReadDatabase(SettingsReader reader)
    {
        if (reader.Text("DATABASE_URL") is not { } text)
            return null;
        if (DatabaseUrl.TryParse(text, out var connectionString, out var listen, out var problem))
            return new DatabaseSettings(connectionString, listen);
        reader.Problem("DATABASE_URL", $"{problem}; accepted: {DatabaseUrl.Accepted}");
        return null;
    }

    private static RedisSettings? ReadRedis(SettingsReader reader)
    {
        var server = reader.Parsed("REDIS_URL", ParseRedis, RedisUrl.Accepted, secret: true);
        var prefix = reader.Parsed("HOOKSTREAM_REDIS_PREFIX", ParsePrefix, "1 to 64 letters, digits, dots, colons, hyphens and underscores");
        return server is null ? null : new RedisSettings(server, prefix ?? RedisQueueOptions.DefaultPrefix);
    }

    private static ConfigurationOptions? ParseRedis(string text) => RedisUrl.TryParse(text, out var server) ? server : null;

    private static string? ParsePrefix(string text) =>
        text.Length <= 64 && text.All(character => char.IsAsciiLetterOrDigit(character) || ".:-_".Contains(character, StringComparison.Ordinal))
            ? text
            : null;

    private static string? ParseHost(string text) =>
        text == "localhost" || IPAddress.TryParse(text, out _) ? text : null;

    private static string? ParseToken(string text) =>
        text.Length is >= 16 and <= 256 && text.All(character => character is > ' ' and <= '~') ? text : null;

    private static Uri? ParseProxy(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static RetrySchedule? ParseSchedule(string text)
    {
        var delays = new List<TimeSpan>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!DurationText.TryParse(part, out var delay))
                return null;
            delays.Add(delay);
        }

        return RetrySchedule.TryCreate(delays, out var schedule) ? schedule : null;
    }
}
