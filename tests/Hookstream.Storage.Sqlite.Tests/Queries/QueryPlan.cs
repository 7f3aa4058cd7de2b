namespace Hookstream.Storage.Sqlite.Tests.Queries;

/// <summary>The steps that SQLite takes for a query (https://www.sqlite.org/eqp.html).</summary>
internal sealed class QueryPlan(IReadOnlyList<string> steps)
{
    public IReadOnlyList<string> Steps => steps;

    /// <summary>One of the steps is this seek; none scans a table, and none sorts, except in order to group.</summary>
    public void ShouldSeek(string step, bool groups = false)
    {
        var text = string.Join('\n', steps);
        Assert.True(steps.Contains($"SEARCH {step}"), $"no SEARCH {step} in:\n{text}");
        Assert.False(steps.Any(other => other.StartsWith("SCAN", StringComparison.Ordinal)), $"a scan in:\n{text}");
        Assert.False(steps.Any(IsSort), $"a sort in:\n{text}");

        bool IsSort(string other) => other.Contains("TEMP B-TREE", StringComparison.Ordinal)
            && !(groups && other.EndsWith("FOR GROUP BY", StringComparison.Ordinal));
    }
}
