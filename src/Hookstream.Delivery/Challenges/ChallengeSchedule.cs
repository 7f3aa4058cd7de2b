namespace Hookstream.Delivery.Challenges;

/// <summary>When a challenge that failed is sent again.</summary>
internal static class ChallengeSchedule
{
    /// <summary>How long after the registration or a change of the URL challenges are sent.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
    ];

    /// <summary>The wait after one more failure; null when the window is over by then.</summary>
    public static TimeSpan? RetryIn(DueChallenge failed, DateTimeOffset now)
    {
        var delay = Delays[Math.Min(failed.Failures, Delays.Length - 1)];
        return now + delay <= failed.Since + Window ? delay : null;
    }
}
