using Hookstream.Core.Addresses;
using Hookstream.Core.Circuits;
using Hookstream.Core.Retries;
using Hookstream.Core.Subscribers;
using Hookstream.Diagnosis;

namespace Hookstream.Server.Configuration;

/// <summary>The deployment's settings, read and checked. What each means is in the reference of the configuration.</summary>
internal sealed record Settings
{
    public required Role Role { get; init; }

    public required int Port { get; init; }

    /// <summary>Null: loopback, v4 and v6.</summary>
    public required string? Host { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Null: embedded.</summary>
    public required DatabaseSettings? Database { get; init; }

    /// <summary>Null: the store is the queue.</summary>
    public required RedisSettings? Redis { get; init; }

    /// <summary>Null: embedded, the generated one in the data directory; else nobody has it.</summary>
    public required string? ApiToken { get; init; }

    /// <summary>Null: embedded, the generated one in the data directory; else nobody has it.</summary>
    public required string? AdminToken { get; init; }

    /// <summary>Null: the generated one in the data directory, embedded only. Newest first.</summary>
    public required IReadOnlyList<byte[]>? EncryptionKeys { get; init; }

    public required VerificationMode Verification { get; init; }

    public required int WorkerConcurrency { get; init; }

    public required int EndpointConcurrency { get; init; }

    public required TimeSpan DeliveryTimeout { get; init; }

    public required RetrySchedule RetrySchedule { get; init; }

    public required TimeSpan MaxDeliveryAge { get; init; }

    public required CircuitOptions Circuits { get; init; }

    public required TimeSpan DisableAfter { get; init; }

    public required int MaxPayloadBytes { get; init; }

    public required int MaxBatchBytes { get; init; }

    /// <summary>Null: none.</summary>
    public required int? ApiRateLimit { get; init; }

    public required int RetentionDays { get; init; }

    public required DestinationRules Destinations { get; init; }

    public required Uri? EgressProxy { get; init; }

    /// <summary>Null: the API's.</summary>
    public required int? MetricsPort { get; init; }

    /// <summary>Null: anybody may read the metrics.</summary>
    public required string? MetricsToken { get; init; }

    /// <summary>Null: endpoints are not diagnosed.</summary>
    public required AnthropicOptions? Diagnosis { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required TimeSpan ShutdownDeadline { get; init; }

    public required TimeSpan ShutdownDelay { get; init; }
}
