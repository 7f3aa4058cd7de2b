using System.Threading.RateLimiting;
using Hookstream.Api.Problems;

namespace Hookstream.Api.RateLimits;

/// <summary>
/// Bounds the requests of each key, where the deployment asks for it: a bucket of one second's worth for each. A process counts
/// for itself; what has been idle for a while is forgotten.
/// </summary>
internal sealed class KeyRateLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<ApiKeyId>? _buckets;
    private readonly string _detail;

    public KeyRateLimiter(ApiOptions options)
    {
        _detail = $"This key has made more than {options.RequestsPerSecond} requests in a second (HOOKSTREAM_API_RATE_LIMIT).";
        if (options.RequestsPerSecond is { } rate)
            _buckets = PartitionedRateLimiter.Create<ApiKeyId, ApiKeyId>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => BucketOf(rate)));
    }

    /// <summary>Counts a request of this key; null when it may be made.</summary>
    public Problem? Refuse(ApiKeyId key) => _buckets is null ? null : RateLimitRefusal.Of(_buckets, key, _detail);

    public void Dispose() => _buckets?.Dispose();

    private static TokenBucketRateLimiterOptions BucketOf(int rate)
    {
        // About ten times a second, so that what is refused need not wait for a whole one; exactly the rate in the long run.
        var tokens = Math.Max(1, rate / 10);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / rate),
            AutoReplenishment = true,
            QueueLimit = 0,
        };
    }
}
