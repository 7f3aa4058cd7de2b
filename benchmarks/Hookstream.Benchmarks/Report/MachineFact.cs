namespace Hookstream.Benchmarks.Report;

internal sealed record MachineFact(string Name, string Value);
