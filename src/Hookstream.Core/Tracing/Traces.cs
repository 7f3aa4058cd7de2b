using System.Diagnostics;

namespace Hookstream.Core.Tracing;

/// <summary>
/// The source of every span of the program. Whatever listens (an exporter, a test) is not known here; where nobody does, no span is
/// made, and nothing is allocated for one.
/// </summary>
public static class Traces
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Hookstream";

    /// <summary>The source.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>True when spans are made.</summary>
    public static bool AreOn => Source.HasListeners();
}
