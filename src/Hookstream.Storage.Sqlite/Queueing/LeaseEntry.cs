namespace Hookstream.Storage.Sqlite.Queueing;

/// <summary>A lease that is out, and what was read with the claim so that loading need not read it again.</summary>
internal sealed class LeaseEntry
{
    public required Lease Lease { get; init; }

    public required Lane Lane { get; init; }

    public required int Class { get; init; }

    /// <summary>The due time in the delivery's row, milliseconds.</summary>
    public required long Due { get; init; }

    /// <summary>True when it is no claim: it keeps claims away while the delivery is changed.</summary>
    public bool ForChange { get; private init; }

    public required EventId Event { get; init; }

    public required int AttemptCount { get; init; }

    public required int Failures { get; init; }

    public required AttemptTrigger Trigger { get; init; }

    public required DateTimeOffset WaitingSince { get; init; }

    /// <summary>How many leases on it have run out in a row before this one, in this process.</summary>
    public int LostLeases { get; set; }

    /// <summary>A lease that is no claim.</summary>
    public static LeaseEntry OfChange(Lease lease, Lane lane) => new()
    {
        Lease = lease,
        Lane = lane,
        Class = 0,
        Due = 0,
        ForChange = true,
        Event = default,
        AttemptCount = 0,
        Failures = 0,
        Trigger = AttemptTrigger.Schedule,
        WaitingSince = default,
        ExpiresAt = Core.Lanes.Lane.Never,
    };

    /// <summary>Milliseconds by the store's clock.</summary>
    public required long ExpiresAt { get; set; }

    /// <summary>True once its lane was told that it ran out.</summary>
    public bool ExpirySignalled { get; set; }
}
