namespace Hookstream.Benchmarks.Report;

/// <summary>Every single measurement behind a section's figures.</summary>
internal sealed record RoundTable(IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows);
