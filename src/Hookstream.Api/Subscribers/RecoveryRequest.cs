namespace Hookstream.Api.Subscribers;

/// <summary>The time of which a subscriber is to get all events that it failed to get or never got.</summary>
internal sealed record RecoveryRequest
{
    public static readonly string[] FieldNames = ["since", "until"];

    /// <summary>Events created at this time or later; required, and not in the future.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Events created before this time, at the latest those of now; now when left out.</summary>
    public DateTimeOffset? Until { get; init; }
}
