using System.Threading.RateLimiting;
using Hookstream.Api.Problems;

namespace Hookstream.Api.RateLimits;

/// <summary>Asks a rate limiter, and says no in its name.</summary>
internal static class RateLimitRefusal
{
    /// <summary>Counts a request; null when it may be made.</summary>
    public static Problem? Of<T>(PartitionedRateLimiter<T> buckets, T key, string detail)
    {
        using var lease = buckets.AttemptAcquire(key);
        if (lease.IsAcquired)
            return null;
        return new Problem(ProblemCode.RateLimited, detail)
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1),
        };
    }
}
