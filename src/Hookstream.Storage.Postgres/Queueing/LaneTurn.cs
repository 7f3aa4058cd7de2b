namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>A lane that a claim has taken out of its round, and how many of it this claim may take.</summary>
internal sealed class LaneTurn(Lane lane, int laneClass, int share, LanePosition from, bool isProbe)
{
    public Lane Lane => lane;

    public int Class => laneClass;

    public int Share => share;

    /// <summary>True when its circuit is half open, so that what it gives is the probe.</summary>
    public bool IsProbe => isProbe;

    /// <summary>True when its rate is limited.</summary>
    public bool IsLimited { get; } = lane.Rate is not null;

    /// <summary>Where it reads on; then the last that it gave.</summary>
    public LanePosition Position { get; set; } = from;

    /// <summary>How many it gave.</summary>
    public int Claimed { get; set; }
}
