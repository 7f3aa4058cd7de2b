using Hookstream.Storage.Sqlite.Deliveries;

namespace Hookstream.Storage.Sqlite.Events;

/// <summary>How an event is written with a delivery for everyone that it matched, and how the queue is told.</summary>
internal static class AppendRows
{
    public static void Insert(DatabaseConnection database, PreparedAppend append, long firstDelay)
    {
        EventRows.Insert(database, append.TenantNo, append.Id, append.Event, append.Now);
        foreach (var subscriber in append.Matched)
        {
            DeliveryRows.Insert(
                database,
                append.TenantNo,
                DeliveryId.New(append.Now),
                append.Id,
                subscriber.No,
                (int)append.Event.Priority,
                FirstDue(append, subscriber, firstDelay),
                AttemptTrigger.Schedule,
                append.Now);
        }
    }

    public static void Signal(LaneSet lanes, PreparedAppend append, long firstDelay)
    {
        foreach (var subscriber in append.Matched)
            lanes.Signal(subscriber.Lane, (int)append.Event.Priority, FirstDue(append, subscriber, firstDelay));
    }

    private static long FirstDue(PreparedAppend append, SubscriberEntry subscriber, long firstDelay) =>
        append.Now.ToUnixTimeMilliseconds()
        + (subscriber.Subscriber.Settings.RetrySchedule is { } own ? (long)own.Delays[0].TotalMilliseconds : firstDelay);
}
