using System.Security.Cryptography.X509Certificates;
using Hookstream.Core.Retries;

namespace Hookstream.Delivery;

/// <summary>How the workers of this process deliver.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Most sends in flight. Default 256.</summary>
    public int Concurrency { get; init; } = 256;

    /// <summary>Most sends in flight to one endpoint. Default 32.</summary>
    public int EndpointConcurrency { get; init; } = 32;

    /// <summary>
    /// Claims ahead of each slot of an endpoint that answers within 10 ms, so that its slots are not empty during a claim. Its gate
    /// is looked at again before what was claimed ahead is sent. Default 7.
    /// </summary>
    public int ClaimAhead { get; init; } = 7;

    /// <summary>Deadline of one request, connect, headers and body, where the subscriber sets none. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Delays before the attempts, where the subscriber sets none.</summary>
    public RetrySchedule RetrySchedule { get; init; } = RetrySchedule.Default;

    /// <summary>What waits longer is dead-lettered as expired. Default 3 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(3);

    /// <summary>An endpoint that has done nothing but fail for so long is disabled. Default 5 days.</summary>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Finished events, deliveries and attempts older than this are removed. Default 30 days.</summary>
    public int RetentionDays { get; init; } = 30;

    /// <summary>
    /// How long sends in flight may go on after the shutdown began. Default 20 s. The host's own shutdown timeout has to be
    /// longer by what the last settle takes.
    /// </summary>
    public TimeSpan ShutdownDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a claim lasts unless renewed. Default 60 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The store's clock, by which messages are stamped and found too old: this machine's may be minutes off, and receivers
    /// refuse what is stamped so. Null: the process's.
    /// </summary>
    public TimeProvider? StoreClock { get; init; }

    /// <summary>The version in <c>User-Agent: Hookstream/&lt;version&gt;</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Where deliveries, challenges and tests may go. Default: to public addresses.</summary>
    public DestinationRules Destinations { get; init; } = new();

    /// <summary>
    /// The proxy that deliveries go through; null: none. It is handed names, and vets what they resolve to by itself.
    /// </summary>
    public Uri? EgressProxy { get; init; }

    /// <summary>Whom to trust for the certificates of endpoints; null: whom the system trusts. Tests have roots of their own.</summary>
    internal X509ChainPolicy? Trust { get; init; }

    /// <summary>The time by the store's clock, where there is one apart from the process's.</summary>
    internal DateTimeOffset Now(TimeProvider process) => (StoreClock ?? process).GetUtcNow();
}
