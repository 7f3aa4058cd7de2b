namespace Hookstream.Benchmarks;

/// <summary>A measurement could not be taken, or is not valid. The message is shown to the user as it is.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
