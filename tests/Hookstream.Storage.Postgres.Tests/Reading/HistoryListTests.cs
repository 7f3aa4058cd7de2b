using Hookstream.Core.Paging;
using Hookstream.Storage.Postgres.Deliveries;
using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Reading;

/// <summary>Lists go on from the queue to the history, and from one day to the one before.</summary>
public sealed class HistoryListTests : IAsyncLifetime
{
    private readonly List<DeliveryId> _made = [];
    private StoreParts _parts = null!;
    private DeliveryReading _reading = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _parts = await StoreParts.CreateAsync();
        _reading = new DeliveryReading(_parts.Sessions, _parts.Clock);
        for (var day = 0; day < 6; day++)
        {
            await _parts.Partitions.EnsureAheadAsync(Cancellation);
            var parent = await _parts.AddEventAsync();
            foreach (var status in new[] { DeliveryStatus.Delivered, DeliveryStatus.DeadLetter, DeliveryStatus.Cancelled })
                _made.Add(await AddAsync(() => _parts.AddEndedAsync(parent, status)));
            _made.Add(await AddAsync(() => _parts.AddPendingAsync(parent)));
            _parts.Time.Advance(TimeSpan.FromDays(1));
        }

        _made.Reverse();
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_lead_through_all_days_newest_first(int limit) =>
        (await ListAsync(new DeliveryQuery(), limit)).ShouldBe(_made);

    [Fact]
    public async Task Status_is_found_in_every_day()
    {
        (await ListAsync(new DeliveryQuery(DeliveryStatus.Pending), 4)).ShouldBe(_made.Where((_, i) => i % 4 == 0));
        (await ListAsync(new DeliveryQuery(DeliveryStatus.Cancelled), 4)).ShouldBe(_made.Where((_, i) => i % 4 == 1));
        (await ListAsync(new DeliveryQuery(DeliveryStatus.DeadLetter), 4)).ShouldBe(_made.Where((_, i) => i % 4 == 2));
        (await ListAsync(new DeliveryQuery(DeliveryStatus.Delivered), 4)).ShouldBe(_made.Where((_, i) => i % 4 == 3));
        (await ListAsync(new DeliveryQuery(DeliveryStatus.Held), 4)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Times_bound_the_days()
    {
        // Just after what was made four days ago, and two.
        var since = _parts.Now.AddDays(-4);
        var until = _parts.Now.AddDays(-2);

        (await ListAsync(new DeliveryQuery(Since: since, Until: until), 3)).ShouldBe(_made.Skip(4).Take(8));
        (await ListAsync(new DeliveryQuery(Until: until), 3)).ShouldBe(_made.Skip(4));
        (await ListAsync(new DeliveryQuery(Since: since), 3)).ShouldBe(_made.Take(12));
    }

    // Ids of one millisecond have no order.
    private async Task<DeliveryId> AddAsync(Func<Task<DeliveryId>> add)
    {
        _parts.Time.Advance(TimeSpan.FromMilliseconds(1));
        return await add();
    }

    private async Task<List<DeliveryId>> ListAsync(DeliveryQuery query, int limit)
    {
        var all = new List<DeliveryId>();
        Guid? after = null;
        do
        {
            var page = await _reading.ListAsync(StoreParts.TenantNo, query, new PageRequest(limit, after), Cancellation);
            all.AddRange(page.Items.Select(delivery => delivery.Id));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
