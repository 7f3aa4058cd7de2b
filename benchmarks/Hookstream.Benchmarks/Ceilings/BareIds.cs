namespace Hookstream.Benchmarks.Ceilings;

/// <summary>Ids that are unique and cost next to nothing.</summary>
internal static class BareIds
{
    private static long _last;

    public static string NextEventId() => $"evt_{Interlocked.Increment(ref _last):d26}";
}
