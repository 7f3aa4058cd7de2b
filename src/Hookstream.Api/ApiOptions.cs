using Hookstream.Core.Addresses;

namespace Hookstream.Api;

/// <summary>What the deployment decides about the HTTP API.</summary>
public sealed record ApiOptions
{
    /// <summary>Hash of the operator's token; null: nobody may call the admin's routes.</summary>
    public KeyHash? AdminToken { get; init; }

    /// <summary>Most bytes of one event's payload; larger gets 413.</summary>
    public int MaxPayloadBytes { get; init; } = 262_144;

    /// <summary>Most bytes of a batch's body; larger gets 413.</summary>
    public int MaxBatchBytes { get; init; } = 8_388_608;

    /// <summary>Most requests per second of one key, counted by each process; more gets 429. Null: as many as it likes.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Verification of subscribers that ask for none in particular, and the least they may ask for if required.</summary>
    public VerificationMode DefaultVerification { get; init; } = VerificationMode.Optional;

    /// <summary>The URLs that subscribers may have.</summary>
    public DestinationRules Destinations { get; init; } = new();

    /// <summary>How long the store keeps what is finished. Default: 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Whether <c>/health/ready</c> needs the queue as well: the API takes requests while only the queue is away.
    /// </summary>
    public bool NeedsQueue { get; init; }

    /// <summary>The program's version, as health shows it.</summary>
    public required string Version { get; init; }

    /// <summary>When the program started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
}
