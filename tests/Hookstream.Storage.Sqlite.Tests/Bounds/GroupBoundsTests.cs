using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Tests.Bounds;

/// <summary>
/// A commit does not grow with a burst. How many operations went into one shows in the log when it fails: each test has
/// one that does.
/// </summary>
public sealed class GroupBoundsTests : SqliteSuite
{
    private const int GroupFailed = 101;
    private const int MaxGroupRows = 2_000;
    private const long MaxGroupBytes = 16 << 20;

    private readonly RecordedLog _log = new();

    private protected override ILoggerFactory Loggers => _log;

    [Fact]
    public async Task Commit_takes_a_bounded_number_of_rows()
    {
        const int Batch = 400;
        var tenant = await NewTenantAsync();
        var poison = (await Store.MakePoisonousAsync(NewEventOf(tenant))).ShouldNotBeNull();

        await AppendWhileBlockedAsync(
            40, i => [.. Enumerable.Range(0, Batch).Select(n => n == 0 && i % 5 == 0 ? poison : NewEventOf(tenant))]);

        Groups().ShouldAllBe(operations => operations * Batch <= MaxGroupRows);
        Groups().ShouldContain(operations => operations > 1);
        Data.Count("select count(*) from events").ShouldBe((40 * Batch) - 8);
    }

    [Fact]
    public async Task Commit_takes_a_bounded_number_of_bytes()
    {
        const int Payload = 250_000;
        const int Poisons = 3;
        var tenant = await NewTenantAsync();
        var poison = (await Store.MakePoisonousAsync(NewEventOf(tenant))).ShouldNotBeNull();
        var large = NewEventOf(tenant, payload: $$"""{"a":"{{new string('x', Payload)}}"}""");

        await AppendWhileBlockedAsync(150, i => [i % 50 == 25 ? poison : large]);

        Groups().ShouldAllBe(operations => (operations - Poisons) * Payload <= MaxGroupBytes);
        Groups().ShouldContain(operations => operations > 1);
        Data.Count("select count(*) from events").ShouldBe(150 - Poisons);
    }

    private IEnumerable<int> Groups() =>
        _log.Lines.Where(line => line.Id == GroupFailed).Select(line => (int)line.Values["Operations"]!);

    private async Task AppendWhileBlockedAsync(int count, Func<int, NewEvent[]> make)
    {
        var block = BlockWriter();
        var appends = Enumerable.Range(0, count)
            .Select(i => Store.Events.AppendAsync(make(i), Cancellation).AsTask())
            .ToList();
        await block.DisposeAsync();
        var results = await Task.WhenAll(appends);
        results.SelectMany(result => result).Count(result => result.Outcome == AppendOutcome.Failed).ShouldBeGreaterThan(0);
    }
}
