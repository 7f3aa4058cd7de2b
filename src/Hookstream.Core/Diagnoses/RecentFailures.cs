namespace Hookstream.Core.Diagnoses;

/// <summary>What lately went wrong with an endpoint.</summary>
/// <param name="Attempts">Attempts that failed, newest first.</param>
/// <param name="LastDeliveredAt">When the last attempt started that succeeded, among those looked at, UTC; null: none did.</param>
public sealed record RecentFailures(IReadOnlyList<FailedAttempt> Attempts, DateTimeOffset? LastDeliveredAt)
{
    /// <summary>Nothing went wrong, and nothing well.</summary>
    public static readonly RecentFailures None = new([], null);

    /// <summary>How many deliveries a store looks at in each place where failures may be, whatever else is there.</summary>
    internal const int LookedAt = 200;

    /// <summary>Puts together what was found, newest first.</summary>
    internal static RecentFailures Of(IEnumerable<FailedAttempt> attempts, int limit, DateTimeOffset? lastDeliveredAt) =>
        new([.. attempts.OrderByDescending(attempt => attempt.StartedAt).ThenByDescending(attempt => attempt.Number).Take(limit)], lastDeliveredAt);
}
