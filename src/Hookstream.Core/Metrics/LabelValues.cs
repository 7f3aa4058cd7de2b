using System.Collections.Concurrent;

namespace Hookstream.Core.Metrics;

/// <summary>
/// The values that a label takes: the first <paramref name="cap"/> that come, and <see cref="Other"/> for all that come later, so that
/// whatever tenants and endpoints do the number of time series is bounded. A value that has its place keeps it for as long as the
/// process lives. For any number of threads; looking one up allocates nothing.
/// </summary>
/// <param name="cap">Most values beside <see cref="Other"/>.</param>
public sealed class LabelValues(int cap)
{
    /// <summary>Stands for all that came after the cap was reached.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private volatile bool _full;

    /// <summary>The value itself, or <see cref="Other"/>.</summary>
    public string Of(string value)
    {
        if (_values.TryGetValue(value, out var known))
            return known;
        return _full ? Other : Add(value);
    }

    // Counted under a lock: the dictionary's own count, compared outside of one, would let a few more in.
    private string Add(string value)
    {
        lock (_adding)
        {
            if (_values.TryGetValue(value, out var known))
                return known;
            if (_values.Count >= cap)
            {
                _full = true;
                return Other;
            }

            _values[value] = value;
            return value;
        }
    }
}
