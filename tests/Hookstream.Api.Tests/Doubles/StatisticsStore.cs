using Hookstream.Core.Statistics;

namespace Hookstream.Api.Tests.Doubles;

internal sealed class StatisticsStore : IStatisticsStore
{
    public Dictionary<(TenantId Tenant, SubscriberId? Subscriber), StatisticsReport> Reports { get; } = [];

    public Task AddAsync(IReadOnlyList<StatisticsRow> rows, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<StatisticsReport?> ReadAsync(TenantId tenant, SubscriberId? subscriber, CancellationToken cancellation) =>
        Task.FromResult(Reports.GetValueOrDefault((tenant, subscriber)));
}
