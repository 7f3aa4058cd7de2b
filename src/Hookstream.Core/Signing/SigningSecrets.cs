namespace Hookstream.Core.Signing;

/// <summary>The live secrets of a subscriber, two at most: the newest, and during a grace period the one before it.</summary>
/// <param name="Current">The newest secret.</param>
/// <param name="Previous">The one before it, while it is still honoured.</param>
/// <param name="PreviousExpiresAt">When the grace period ends, UTC.</param>
public sealed record SigningSecrets(SigningSecret Current, SigningSecret? Previous = null, DateTimeOffset? PreviousExpiresAt = null)
{
    /// <summary>The previous secret if its grace period has not ended at <paramref name="now"/>.</summary>
    public SigningSecret? LivePrevious(DateTimeOffset now) => Previous is not null && PreviousExpiresAt > now ? Previous : null;
}
