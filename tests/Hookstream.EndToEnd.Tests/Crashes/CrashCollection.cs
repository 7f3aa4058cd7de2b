namespace Hookstream.EndToEnd.Tests.Crashes;

/// <summary>Tests under load run alone: they would slow down the others, and be slowed down by them.</summary>
[CollectionDefinition(nameof(CrashCollection), DisableParallelization = true)]
public sealed class CrashCollection;
