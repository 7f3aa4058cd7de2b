namespace Hookstream.Api.Events;

/// <summary>Whom to deliver an event to again.</summary>
/// <param name="SubscriberId">The one to deliver it to, whether it had it or not; left out: everyone who had it.</param>
internal sealed record EventReplayRequest(string? SubscriberId = null)
{
    public static readonly string[] FieldNames = ["subscriber_id"];
}
