using Hookstream.Conformance.Encryption;
using Hookstream.Conformance.Stores;
using Hookstream.Conformance.Subscribers;
using Hookstream.Conformance.Tenants;

namespace Hookstream.Queue.Redis.Tests.Conformance;

/// <summary>A suite that no back end inherits proves nothing.</summary>
public sealed class SuitesTests
{
    // Nothing in these waits in a queue: the tests of the store alone have seen all there is to see.
    private static readonly Type[] WithoutQueue =
        [typeof(ApiKeySuite), typeof(DefaultTenantSuite), typeof(EncryptionSuite), typeof(SubscriberStoreSuite)];

    [Fact]
    public void Every_suite_with_a_queue_in_it_is_run_with_the_queue_in_Redis()
    {
        var suites = typeof(StoreSuite).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StoreSuite)) && type.IsAbstract)
            .Except(WithoutQueue)
            .ToList();
        var run = typeof(RedisConformance).GetNestedTypes().Select(type => type.BaseType).ToList();

        suites.Count.ShouldBeGreaterThan(15);
        suites.Except(run).ShouldBeEmpty("these suites are not inherited");
    }
}
