namespace Hookstream.Core.Statistics;

/// <summary>Figures of what was attempted, added up as it happens, so that reading them costs the same whatever the history.</summary>
public interface IStatisticsStore
{
    /// <summary>
    /// Adds figures to those that are there, in one transaction, whoever else adds to the same. Those of tenants and subscribers that
    /// are not known here are left out. Not idempotent: whoever repeats it because the answer was lost may count twice.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was added, or it is not known whether.</exception>
    Task AddAsync(IReadOnlyList<StatisticsRow> rows, CancellationToken cancellation);

    /// <summary>The figures of a subscriber, or of all of a tenant; null when there is no such subscriber.</summary>
    Task<StatisticsReport?> ReadAsync(TenantId tenant, SubscriberId? subscriber, CancellationToken cancellation);
}
