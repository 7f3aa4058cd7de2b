using System.Threading.RateLimiting;
using Hookstream.Api.Problems;
using Hookstream.Api.RateLimits;

namespace Hookstream.Api.Diagnoses;

/// <summary>
/// Bounds the diagnoses of each tenant, which the deployment pays its AI provider for: ten at once, and one more every six seconds. A
/// process counts for itself.
/// </summary>
internal sealed class DiagnosisLimiter : IDisposable
{
    private const string Detail = "This tenant has asked for more than 10 diagnoses in a minute.";

    private readonly PartitionedRateLimiter<TenantId> _buckets = PartitionedRateLimiter.Create<TenantId, TenantId>(
        tenant => RateLimitPartition.GetTokenBucketLimiter(tenant, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 10,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(6),
            AutoReplenishment = true,
            QueueLimit = 0,
        }));

    /// <summary>Counts a diagnosis for this tenant; null when it may be made.</summary>
    public Problem? Refuse(TenantId tenant) => RateLimitRefusal.Of(_buckets, tenant, Detail);

    public void Dispose() => _buckets.Dispose();
}
