using Hookstream.EndToEnd.Tests.Crashes;
using Hookstream.EndToEnd.Tests.Deliveries;
using Hookstream.EndToEnd.Tests.Diagnoses;
using Hookstream.EndToEnd.Tests.Events;
using Hookstream.EndToEnd.Tests.Health;
using Hookstream.EndToEnd.Tests.Isolation;
using Hookstream.EndToEnd.Tests.Metrics;
using Hookstream.EndToEnd.Tests.Monitoring;
using Hookstream.EndToEnd.Tests.Protection;
using Hookstream.EndToEnd.Tests.QuickStart;
using Hookstream.EndToEnd.Tests.Schedules;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.EndToEnd.Tests.Statistics;
using Hookstream.EndToEnd.Tests.Subscribers;
using Hookstream.EndToEnd.Tests.Tenants;
using Hookstream.EndToEnd.Tests.Traces;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>What goes through the queue, with Redis as the queue.</summary>
public static class OnPostgresAndRedis
{
    public sealed class AddressGuard(RedisSharedServer shared) : AddressGuardTests
    {
        private protected override async Task<ServerProcess> StartServerAsync() =>
            await ServerProcess.StartAsync(await shared.NewSettingsAsync());
    }

    public sealed class ApiRateLimit(RedisSharedServer shared) : ApiRateLimitTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    [Trait("Category", "Scale")]
    public sealed class BadEndpoint(RedisSharedServer shared) : BadEndpointTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Cancel(RedisSharedServer shared) : CancelTests(shared);

    public sealed class Circuit(RedisSharedServer shared) : CircuitTests(shared);

    public sealed class DeliveryFormat(RedisSharedServer shared) : DeliveryFormatTests(shared);

    public sealed class Diagnosis(RedisSharedServer shared) : DiagnosisTests(shared)
    {
        private protected override Task<(string Name, string Value)[]> NewSettingsAsync() => shared.NewSettingsAsync();
    }

    public sealed class DisabledEndpoint(RedisSharedServer shared) : DisabledEndpointTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Drain(RedisSharedServer shared) : DrainTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class FailureOutcome(RedisSharedServer shared) : FailureOutcomeTests(shared);

    public sealed class Header(RedisSharedServer shared) : HeaderTests(shared);

    public sealed class Key(RedisSharedServer shared) : KeyTests(shared);

    public sealed class Metric(RedisSharedServer shared) : MetricsTests
    {
        private protected override string Deployment => "Redis";

        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Monitoring(RedisSharedServer shared) : MonitoringTests
    {
        private protected override string Deployment => "Redis";

        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class OperationalEvent(RedisSharedServer shared) : OperationalEventTests(shared);

    public sealed class Pause(RedisSharedServer shared) : PauseTests(shared);

    public sealed class RateLimit(RedisSharedServer shared) : RateLimitTests(shared);

    public sealed class Recovery(RedisSharedServer shared) : RecoveryTests(shared);

    public sealed class Replay(RedisSharedServer shared) : ReplayTests(shared);

    public sealed class RetryAfter(RedisSharedServer shared) : RetryAfterTests(shared);

    public sealed class RetryFlood(RedisSharedServer shared) : RetryFloodTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class RetrySchedule(RedisSharedServer shared) : RetryScheduleTests(shared);

    public sealed class SecretSearch(RedisSharedServer shared) : PostgresSecretScan(shared);

    public sealed class Statistics(RedisSharedServer shared) : StatisticsTests(shared);

    public sealed class SecretRotation(RedisSharedServer shared) : SecretRotationTests(shared);

    public sealed class StoreAway(RedisSharedServer shared) : StoreAwayTests(shared);

    public sealed class SubscriberChange(RedisSharedServer shared) : SubscriberChangeTests(shared);

    public sealed class Time(RedisSharedServer shared) : TimeTests(shared);

    public sealed class Trace(RedisSharedServer shared) : TraceTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Verification(RedisSharedServer shared) : VerificationTests(shared);

    public sealed class Shutdown(RedisSharedServer shared) : ShutdownTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }
}
