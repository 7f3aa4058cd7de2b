using Hookstream.Core.Statistics;

namespace Hookstream.Storage.Postgres.Statistics;

/// <summary>A row of <c>statistics</c>.</summary>
/// <param name="TenantNo">The tenant.</param>
/// <param name="SubscriberNo">The subscriber; 0: all of the tenant's.</param>
/// <param name="Width">A minute or an hour.</param>
/// <param name="Begin">When it began.</param>
/// <param name="Figures">What is counted.</param>
internal sealed record StoredFigures(long TenantNo, long SubscriberNo, StatisticsWidth Width, DateTimeOffset Begin, StatisticsFigures Figures);
