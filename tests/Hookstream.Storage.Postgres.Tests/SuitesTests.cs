namespace Hookstream.Storage.Postgres.Tests;

/// <summary>A suite that no back end inherits proves nothing.</summary>
public sealed class SuitesTests
{
    [Fact]
    public void Every_suite_is_run_against_this_back_end()
    {
        var suites = typeof(StoreSuite).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StoreSuite)) && type.IsAbstract)
            .ToList();
        var run = typeof(PostgresConformance).GetNestedTypes().Select(type => type.BaseType).ToList();

        suites.Count.ShouldBeGreaterThan(15);
        suites.Except(run).ShouldBeEmpty("these suites are not inherited");
    }
}
