using System.Security.Cryptography;
using Hookstream.Conformance.Metrics;
using Hookstream.Core.Encryption;
using Hookstream.Core.Statistics;

namespace Hookstream.Conformance.Stores;

/// <summary>A back end with data of its own, as a suite sees it: the ports, and the power to close and open it again.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public abstract ITenantStore Tenants { get; }

    public abstract IEventStore Events { get; }

    public abstract ISubscriberStore Subscribers { get; }

    public abstract IDeliveryStore Deliveries { get; }

    public abstract IDeliveryQueue Queue { get; }

    public abstract IStoreMaintenance Maintenance { get; }

    public abstract IStoreEncryption Encryption { get; }

    /// <summary>What it counts.</summary>
    public RecordedMeters Meters { get; } = new();

    public abstract IStatisticsStore Statistics { get; }

    /// <summary>The keys that it is opened with the next time, newest first.</summary>
    public IReadOnlyList<byte[]> Keys { get; set; } = [RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength)];

    /// <summary>Suites fail as often as they please: only where a subscriber asks for it does a circuit open.</summary>
    public static CircuitOptions Circuits { get; } = new() { Threshold = 1_000_000 };

    /// <summary>True when leases are kept beside the process: a restart does not end them, only their time does.</summary>
    public virtual bool LeasesOutliveProcess => false;

    /// <summary>
    /// Closes the back end and opens it again on the same data, as a restart of the process would. The ports are new ones
    /// afterwards.
    /// </summary>
    public abstract Task ReopenAsync();

    /// <summary>Opens another process on the same data, by the same clock; it is closed with this one.</summary>
    /// <returns>Its queue; null when this back end is one process.</returns>
    public virtual Task<IDeliveryQueue?> OpenNodeAsync() => Task.FromResult<IDeliveryQueue?>(null);

    /// <summary>
    /// Sees to it that an event like <paramref name="model"/>, which passes every check before it, cannot be written.
    /// </summary>
    /// <returns>That event; null when this back end has no way to make one, and the test is skipped with that reason.</returns>
    public virtual Task<NewEvent?> MakePoisonousAsync(NewEvent model) => Task.FromResult<NewEvent?>(null);

    /// <summary>
    /// Sees to it that an attempt like <paramref name="model"/> cannot be written.
    /// </summary>
    /// <returns>That attempt; null when this back end has no way to make one, and the test is skipped with that reason.</returns>
    public virtual Task<Attempt?> MakePoisonousAsync(Attempt model) => Task.FromResult<Attempt?>(null);

    public abstract ValueTask DisposeAsync();
}
