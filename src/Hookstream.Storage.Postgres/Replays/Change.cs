namespace Hookstream.Storage.Postgres.Replays;

/// <summary>What becomes of a delivery.</summary>
internal abstract record Change
{
    /// <summary>Due now, with a fresh schedule.</summary>
    public sealed record Replay(int Class) : Change;

    /// <summary>Ended.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="At">When; null: now.</param>
    public sealed record Cancel(DeliveryError Error, DateTimeOffset? At = null) : Change;
}
