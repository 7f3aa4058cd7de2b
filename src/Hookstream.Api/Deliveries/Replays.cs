using Hookstream.Api.Problems;

namespace Hookstream.Api.Deliveries;

/// <summary>What is answered when a replay or a cancel is not possible.</summary>
internal static class Replays
{
    private static readonly Problem InFlight = new(
        ProblemCode.DeliveryInFlight, "It is being sent just now; try again when the attempt has ended.");

    private static readonly Problem SubscriberDeleted = new(
        ProblemCode.Conflict, "Its subscriber was deleted, so there is nowhere to deliver it to.");

    private static readonly Problem AlreadyDelivered = new(
        ProblemCode.Conflict, "It is finished: there is nothing left to cancel.");

    /// <summary>Null when it was accepted.</summary>
    public static Problem? Refusal(ReplayOutcome outcome, Problem notFound) => outcome switch
    {
        ReplayOutcome.Accepted => null,
        ReplayOutcome.NotFound => notFound,
        ReplayOutcome.InFlight => InFlight,
        ReplayOutcome.SubscriberDeleted => SubscriberDeleted,
        ReplayOutcome.AlreadyDelivered => AlreadyDelivered,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
