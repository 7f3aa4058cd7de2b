namespace Hookstream.Core.Signing;

/// <summary>The live secrets of a subscriber, two at most: the newest, and during a grace period the one before it.</summary>
/// <param name="Current">The newest secret.</param>
/// <param name="Previous">The one before it, while it is still honoured.</param>
/// <param name="PreviousExpiresAt">When the grace period ends, UTC.</param>
public sealed record SigningSecrets(SigningSecret Current, SigningSecret? Previous = null, DateTimeOffset? PreviousExpiresAt = null)
{
    /// <summary>The previous secret if its grace period has not ended at <paramref name="now"/>.</summary>
    public SigningSecret? LivePrevious(DateTimeOffset now) => Previous is not null && PreviousExpiresAt > now ? Previous : null;

    /// <summary>
    /// Makes a secret the newest one. The one that it follows stays live for the grace period; an older one that still was is
    /// dropped. The newest one given again changes the grace period only, so that a call may be repeated.
    /// </summary>
    /// <param name="next">The newest secret from now on.</param>
    /// <param name="grace">How long the one before it is honoured; zero: not at all.</param>
    /// <param name="now">The store's time.</param>
    public SigningSecrets Rotate(SigningSecret next, TimeSpan grace, DateTimeOffset now)
    {
        var previous = next.Text == Current.Text ? LivePrevious(now) : Current;
        return previous is null || grace <= TimeSpan.Zero
            ? new SigningSecrets(next)
            : new SigningSecrets(next, previous, now + grace);
    }
}
