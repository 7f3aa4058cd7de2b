namespace Hookstream.Benchmarks.Report;

/// <summary>One line of the table.</summary>
internal sealed record Figure(string Name)
{
    public required string Measured { get; init; }

    public string Ceiling { get; init; } = "";

    public double? Ratio { get; init; }

    public string Target { get; init; } = "";

    /// <summary>Null where no target is set.</summary>
    public bool? Met { get; init; }
}
