using Hookstream.Conformance.Deliveries;
using Hookstream.Conformance.Encryption;
using Hookstream.Conformance.Events;
using Hookstream.Conformance.Statistics;
using Hookstream.Conformance.Subscribers;
using Hookstream.Conformance.Tenants;
using Hookstream.Conformance.Times;

namespace Hookstream.Storage.Postgres.Tests;

/// <summary>The suites that every back end passes, against PostgreSQL.</summary>
public static class PostgresConformance
{
    public sealed class ApiKey : ApiKeySuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Backlog : BacklogSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class BulkReplay : BulkReplaySuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Cancellation : CancellationSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class CancelledCall : CancelledCallSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Challenge : ChallengeSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Claim : ClaimSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class DefaultTenant : DefaultTenantSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class DeliveryReading : DeliveryReadingSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Circuit : CircuitSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class EndpointGate : EndpointGateSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class EventReplay : EventReplaySuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Encryption : EncryptionSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class EventStore : EventStoreSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Failure : FailureSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Fairness : FairnessSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Idempotency : IdempotencySuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Interleaving : InterleavingSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Lease : LeaseSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class LostLease : LostLeaseSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Maintenance : MaintenanceSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Payload : PayloadSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class QueueWait : QueueWaitSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class OperationalEvent : OperationalEventSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class RateLimit : RateLimitSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Recovery : RecoverySuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Replay : ReplaySuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class SecretRotation : SecretRotationSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class RetryLanes : RetryLaneSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Settle : SettleSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class Statistics : StatisticsSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class SubscriberStore : SubscriberStoreSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class TenantIsolation : TenantIsolationSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class TenantStore : TenantStoreSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }

    public sealed class TimeZone : TimeZoneSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification, zone: Zone);
    }

    public sealed class TraceContext : TraceContextSuite
    {
        protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
            PostgresStoreUnderTest.CreateAsync(time, verification);
    }
}
