namespace Hookstream.Storage.Sqlite.Queueing;

/// <summary>A due delivery as a claim reads it.</summary>
internal readonly record struct LaneRow(
    DeliveryId Id,
    EventId Event,
    long Due,
    long Version,
    int AttemptCount,
    int Failures,
    AttemptTrigger Trigger,
    DateTimeOffset WaitingSince);
