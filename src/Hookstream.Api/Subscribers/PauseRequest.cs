namespace Hookstream.Api.Subscribers;

/// <summary>Whether a subscriber is to be paused.</summary>
/// <param name="Paused">Left out: true for pause, false for resume.</param>
internal sealed record PauseRequest(bool? Paused = null)
{
    public static readonly string[] FieldNames = ["paused"];
}
