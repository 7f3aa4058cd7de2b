namespace Hookstream.Storage.Sqlite.Tests.Bounds;

/// <summary>Memory does not grow with what waits. Alone, because it looks at the memory of the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;

/// <inheritdoc cref="AloneCollection"/>
[Collection(typeof(AloneCollection))]
public sealed class MemoryTests : SqliteSuite
{
    private const long Budget = 512 << 10;
    private const int Batch = 1_000;

    [Fact]
    public Task Backlog_is_not_kept_in_memory() => GrowthIsBoundedAsync(30_000);

    [Fact]
    [Trait("Category", "Scale")]
    public Task Backlog_of_1_000_000_is_not_kept_in_memory() => GrowthIsBoundedAsync(1_000_000);

    private async Task GrowthIsBoundedAsync(int count)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await ClaimAndReleaseAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var appended = 0; appended < count; appended += Batch)
        {
            await AppendManyAsync(tenant, Batch);
            Tick();
        }

        await ClaimAndReleaseAsync();
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        await Store.ReopenAsync();
        await ClaimAndReleaseAsync();
        var growthAfterOpening = GC.GetTotalMemory(forceFullCollection: true) - before;

        // An id and a due time of each would be 24 bytes at the very least: 720 KB.
        growth.ShouldBeLessThan(Budget);
        growthAfterOpening.ShouldBeLessThan(Budget);
        Data.Count("select count(*) from deliveries where status = 0").ShouldBe(count);
    }

    private async Task ClaimAndReleaseAsync() => await Store.Queue.ReleaseAsync(await ClaimAsync(slots: 256), Cancellation);
}
