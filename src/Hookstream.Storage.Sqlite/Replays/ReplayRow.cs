namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>A delivery that may be replayed or cancelled.</summary>
internal readonly record struct ReplayRow(DeliveryId Id, long SubscriberNo, DeliveryStatus Status, int Class, long Version);
