namespace Hookstream.Core.Stores;

/// <summary>How a store answers right now.</summary>
/// <param name="Up">True when it can read and commit.</param>
/// <param name="Latency">How long a small read took.</param>
public readonly record struct StoreHealth(bool Up, TimeSpan Latency);
