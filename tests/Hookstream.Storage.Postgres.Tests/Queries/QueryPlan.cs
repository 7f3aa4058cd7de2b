using System.Text.Json;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Queries;

/// <summary>The steps that PostgreSQL took for a query, as <c>explain (analyze, format json)</c> tells them.</summary>
internal sealed class QueryPlan
{
    private static readonly string[] BigTables = ["events", "deliveries", "attempts", "unfinished", "idempotency_keys", "statistics"];

    private readonly List<Step> _steps = [];
    private int _leftOut;
    private readonly string _text;

    private QueryPlan(string json)
    {
        _text = json;
        using var document = JsonDocument.Parse(json);
        Add(document.RootElement[0].GetProperty("Plan"));
    }

    /// <summary>Runs the command and takes back what it wrote, and what was written before in the transaction.</summary>
    public static async Task<QueryPlan> OfAsync(NpgsqlCommand command, NpgsqlTransaction? begun = null)
    {
        await using var transaction = begun ?? await command.Connection!.BeginTransactionAsync();
        command.CommandText = $"explain (analyze, format json) {command.CommandText}";
        command.CommandTimeout = 300;
        var plan = new QueryPlan((string)(await command.ExecuteScalarAsync())!);
        await transaction.RollbackAsync();
        return plan;
    }

    /// <summary>
    /// It reads this index (or one of several, between bars), no whole table, and no more rows than that, those that it throws
    /// away included.
    /// </summary>
    public void ShouldRead(string index, long atMost)
    {
        Assert.True(_steps.Exists(step => step.Index is not null && index.Split('|').Contains(step.Index)), $"{index} is not read in:\n{_text}");
        Assert.False(_steps.Exists(step => step.IsScanOfBigTable), $"a whole table is read in:\n{_text}");
        ShouldReadAtMost(atMost);
    }

    /// <summary>It reads no more rows than that, wherever.</summary>
    public void ShouldReadAtMost(long atMost)
    {
        var rows = _steps.Sum(step => step.Rows);
        Assert.True(rows <= atMost, $"{rows} rows are read, more than {atMost}, in:\n{_text}");
    }

    /// <summary>It looks at no more than so many partitions.</summary>
    public void ShouldTouch(int partitions)
    {
        var touched = _steps.Select(step => step.Partition).OfType<string>().Distinct().ToList();
        Assert.True(touched.Count <= partitions, $"{touched.Count} partitions are read, more than {partitions}, in:\n{_text}");
    }

    /// <summary>It leaves out so many partitions or more before it runs.</summary>
    public void ShouldLeaveOut(int partitions) =>
        Assert.True(_leftOut >= partitions, $"{_leftOut} partitions are left out, fewer than {partitions}, in:\n{_text}");

    private void Add(JsonElement node)
    {
        if (node.TryGetProperty("Subplans Removed", out var removed))
            _leftOut += removed.GetInt32();
        var loops = node.GetProperty("Actual Loops").GetDouble();
        if (loops > 0 && node.GetProperty("Node Type").GetString()!.EndsWith("Scan", StringComparison.Ordinal))
            _steps.Add(Step.Of(node, loops));
        if (!node.TryGetProperty("Plans", out var plans))
            return;
        foreach (var plan in plans.EnumerateArray())
            Add(plan);
    }

    private sealed record Step(string Kind, string? Table, string? Partition, string? Index, double Rows)
    {
        public bool IsScanOfBigTable => Kind == "Seq Scan" && Rows > 0 && Table is not null && BigTables.Contains(Table);

        public static Step Of(JsonElement node, double loops)
        {
            var kind = node.GetProperty("Node Type").GetString()!;
            var relation = Text(node, "Relation Name");
            // What a bitmap's index finds is read by the step above it, and counted there.
            var rows = kind == "Bitmap Index Scan" ? 0 : loops * (Number(node, "Actual Rows")
                + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck"));
            return new Step(
                kind, relation is null ? null : WithoutDay(relation), IsPartition(relation) ? relation : null,
                Text(node, "Index Name") is { } index ? WithoutDay(index) : null, rows);
        }

        private static bool IsPartition(string? relation) => relation is not null && WithoutDay(relation) != relation;

        private static string WithoutDay(string name) => System.Text.RegularExpressions.Regex.Replace(name, @"_\d{8}(?=_|$)", "");

        private static string? Text(JsonElement node, string name) =>
            node.TryGetProperty(name, out var value) ? value.GetString() : null;

        private static double Number(JsonElement node, string name) =>
            node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
    }
}
