namespace Hookstream.Storage.Postgres.Tenants;

/// <summary>
/// Bounds how often the store is asked for keys that this node does not know: one made on another node a moment ago is found,
/// garbage does not become a flood of queries.
/// </summary>
internal sealed class UnknownKeys(TimeProvider time)
{
    private const int MaxLookUps = 50;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<KeyHash> _asked = [];
    private long _windowBegan = time.GetTimestamp();

    /// <summary>True when the store may be asked for this key now.</summary>
    public bool MayAsk(KeyHash hash)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_windowBegan) >= Window)
            {
                _windowBegan = time.GetTimestamp();
                _asked.Clear();
            }

            return _asked.Count < MaxLookUps && _asked.Add(hash);
        }
    }
}
