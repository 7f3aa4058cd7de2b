namespace Hookstream.Core.Metrics;

/// <summary>A count that only grows, since the process began.</summary>
public sealed class Tally
{
    private long _value;

    /// <summary>The count.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>Adds to it.</summary>
    public void Add(long count = 1) => Interlocked.Add(ref _value, count);
}
