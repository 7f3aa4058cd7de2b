using Hookstream.Storage.Postgres.Tests.Databases;

namespace Hookstream.Storage.Postgres.Tests.Queries;

/// <summary>On a history that is made in a moment.</summary>
public sealed class QueryPlanTests(QueryPlanTests.SmallHistory history)
    : QueryPlanSuite(history), IClassFixture<QueryPlanTests.SmallHistory>
{
    public sealed class SmallHistory(StoreDatabases databases) : History(databases, days: 8, eventsPerDay: 600, pending: 3_000);
}

/// <summary>On five million deliveries of thirty days.</summary>
[Trait("Category", "Scale")]
public sealed class LargeQueryPlanTests(LargeQueryPlanTests.LargeHistory history)
    : QueryPlanSuite(history), IClassFixture<LargeQueryPlanTests.LargeHistory>
{
    public sealed class LargeHistory(StoreDatabases databases) : History(databases, days: 30, eventsPerDay: 33_400, pending: 20_000);
}
