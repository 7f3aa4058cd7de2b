using System.CommandLine;
using Hookstream.Client.Deliveries;

namespace Hookstream.Server.Commands.Deliveries;

/// <summary>The filters of the deliveries list, as options.</summary>
internal sealed class DeliveryFilterOptions
{
    public DeliveryFilterOptions(TimeProvider timeProvider)
    {
        Status.AcceptOnlyFromAmong(
            DeliveryStatuses.Pending,
            DeliveryStatuses.Held,
            DeliveryStatuses.Failed,
            DeliveryStatuses.Delivered,
            DeliveryStatuses.DeadLetter,
            DeliveryStatuses.Cancelled);
        Since = TimeValue.Past("--since", "Created at this time or later, or in the last 15m, 2h, 3d", timeProvider);
        Until = TimeValue.Past("--until", "Created before this time, or longer ago than 15m, 2h, 3d", timeProvider);
    }

    public Option<string?> Status { get; } =
        Symbols.Text("--status", "pending, held, failed, delivered, dead_letter or cancelled", "STATUS");

    public Option<string?> Subscriber { get; } = Symbols.Text("--subscriber", "To this subscriber, sub_…", "ID");

    public Option<string?> Event { get; } = Symbols.Text("--event", "Of this event, evt_…", "ID");

    public Option<string?> Type { get; } = Symbols.Text("--type", "Of events of this exact type", "TYPE");

    public Option<DateTimeOffset?> Since { get; }

    public Option<DateTimeOffset?> Until { get; }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Status, Subscriber, Event, Type, Since, Until])
            command.Add(option);
    }

    public DeliveryFilter Read(CommandSession session) =>
        new()
        {
            Status = session.Get(Status),
            SubscriberId = session.Get(Subscriber),
            EventId = session.Get(Event),
            EventType = session.Get(Type),
            Since = session.Get(Since),
            Until = session.Get(Until),
        };
}
