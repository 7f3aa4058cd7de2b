namespace Hookstream.Core.Statistics;

/// <summary>Figures of a minute, to be added to what is there.</summary>
/// <param name="Tenant">Whose they are.</param>
/// <param name="Subscriber">Whose attempts; null: those of all the tenant's.</param>
/// <param name="Minute">When the minute began, UTC.</param>
/// <param name="Figures">The figures.</param>
public sealed record StatisticsRow(TenantId Tenant, SubscriberId? Subscriber, DateTimeOffset Minute, StatisticsFigures Figures);
