namespace Hookstream.Benchmarks.Report;

/// <summary>What one benchmark found, and how it was measured.</summary>
internal sealed record Section(string Title, string How, IReadOnlyList<Figure> Figures, RoundTable Rounds);
