using Hookstream.EndToEnd.Tests.Crashes;
using Hookstream.EndToEnd.Tests.Deliveries;
using Hookstream.EndToEnd.Tests.Diagnoses;
using Hookstream.EndToEnd.Tests.Events;
using Hookstream.EndToEnd.Tests.Health;
using Hookstream.EndToEnd.Tests.Isolation;
using Hookstream.EndToEnd.Tests.Metrics;
using Hookstream.EndToEnd.Tests.Protection;
using Hookstream.EndToEnd.Tests.QuickStart;
using Hookstream.EndToEnd.Tests.Schedules;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.EndToEnd.Tests.Statistics;
using Hookstream.EndToEnd.Tests.Subscribers;
using Hookstream.EndToEnd.Tests.Traces;
using Hookstream.EndToEnd.Tests.Tenants;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>What does not depend on the store, with PostgreSQL as the store and the queue.</summary>
public static class OnPostgres
{
    public sealed class Batch(PostgresSharedServer shared) : BatchTests(shared);

    public sealed class AddressGuard(PostgresSharedServer shared) : AddressGuardTests
    {
        private protected override async Task<ServerProcess> StartServerAsync() =>
            await ServerProcess.StartAsync(await shared.NewSettingsAsync());
    }

    public sealed class ApiRateLimit(PostgresSharedServer shared) : ApiRateLimitTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    [Trait("Category", "Scale")]
    public sealed class BadEndpoint(PostgresSharedServer shared) : BadEndpointTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Cancel(PostgresSharedServer shared) : CancelTests(shared);

    public sealed class Circuit(PostgresSharedServer shared) : CircuitTests(shared);

    public sealed class DeliveryFormat(PostgresSharedServer shared) : DeliveryFormatTests(shared);

    public sealed class DeliveryList(PostgresSharedServer shared) : DeliveryListTests(shared);

    public sealed class Diagnosis(PostgresSharedServer shared) : DiagnosisTests(shared)
    {
        private protected override Task<(string Name, string Value)[]> NewSettingsAsync() => shared.NewSettingsAsync();
    }

    public sealed class DisabledEndpoint(PostgresSharedServer shared) : DisabledEndpointTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Drain(PostgresSharedServer shared) : DrainTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class FailureOutcome(PostgresSharedServer shared) : FailureOutcomeTests(shared);

    public sealed class Filter(PostgresSharedServer shared) : FilterTests(shared);

    public sealed class Header(PostgresSharedServer shared) : HeaderTests(shared);

    public sealed class Idempotency(PostgresSharedServer shared) : IdempotencyTests(shared);

    public sealed class Key(PostgresSharedServer shared) : KeyTests(shared);

    public sealed class Metric(PostgresSharedServer shared) : MetricsTests
    {
        private protected override string Deployment => "PostgreSQL";

        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class OperationalEvent(PostgresSharedServer shared) : OperationalEventTests(shared);

    public sealed class Paging(PostgresSharedServer shared) : PagingTests(shared);

    public sealed class Pause(PostgresSharedServer shared) : PauseTests(shared);

    public sealed class RateLimit(PostgresSharedServer shared) : RateLimitTests(shared);

    public sealed class Recovery(PostgresSharedServer shared) : RecoveryTests(shared);

    public sealed class Replay(PostgresSharedServer shared) : ReplayTests(shared);

    public sealed class RetryAfter(PostgresSharedServer shared) : RetryAfterTests(shared);

    public sealed class RetryFlood(PostgresSharedServer shared) : RetryFloodTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class RetrySchedule(PostgresSharedServer shared) : RetryScheduleTests(shared);

    public sealed class SecretSearch(PostgresSharedServer shared) : PostgresSecretScan(shared);

    public sealed class Statistics(PostgresSharedServer shared) : StatisticsTests(shared);

    public sealed class SecretRotation(PostgresSharedServer shared) : SecretRotationTests(shared);

    public sealed class SubscriberChange(PostgresSharedServer shared) : SubscriberChangeTests(shared);

    public sealed class Tenant(PostgresSharedServer shared) : TenantTests(shared);

    public sealed class TenantIsolation(PostgresTwoTenants tenants)
        : TenantIsolationSuite(tenants), IClassFixture<PostgresTwoTenants>;

    public sealed class Time(PostgresSharedServer shared) : TimeTests(shared);

    public sealed class Trace(PostgresSharedServer shared) : TraceTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }

    public sealed class Verification(PostgresSharedServer shared) : VerificationTests(shared);

    public sealed class Shutdown(PostgresSharedServer shared) : ShutdownTests
    {
        private protected override async Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
            await ServerProcess.StartAsync([.. await shared.NewSettingsAsync(), .. settings]);
    }
}
