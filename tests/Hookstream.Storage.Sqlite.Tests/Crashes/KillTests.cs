namespace Hookstream.Storage.Sqlite.Tests.Crashes;

/// <summary>What a killed process leaves in its files: everything that was committed, and nothing half.</summary>
public sealed class KillTests : SqliteSuite
{
    private const int Subscribers = 3;
    private const int Events = 8;
    private const int SettledAtOnce = 4;

    // Of the format of write-ahead logs (https://www.sqlite.org/fileformat2.html#walformat).
    private const int LogHeader = 32;
    private const int LogFrame = 24 + 4_096;

    [Fact]
    public async Task Killed_process_leaves_everything_unfinished_claimable_and_everything_recorded_behind_its_fence()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var failed = await ClaimOneAsync();
        await SettleAsync(RetryOf(failed, TimeSpan.FromSeconds(30)));
        await AppendManyAsync(tenant, 12);
        var leases = await ClaimAsync(slots: 8, lease: TimeSpan.FromHours(1));
        await SettleAsync(DeliveredOf(leases[0]), DeadLetterOf(leases[1]));
        Time.Advance(TimeSpan.FromSeconds(30));

        using var left = Data.CopyAsItIs();
        await using var next = await left.OpenAsync(Time);

        var request = new ClaimRequest(100, 100, new Dictionary<SubscriberId, int>(), LeaseDuration);
        var claimed = await next.Queue.ClaimAsync(request, Cancellation);
        claimed.Count.ShouldBe(11, "leases end with their process, whatever they had left to run");
        claimed.Select(lease => lease.Delivery).ShouldNotContain(leases[0].Delivery);
        claimed.Select(lease => lease.Delivery).ShouldNotContain(leases[1].Delivery);
        var again = claimed.Single(lease => lease.Delivery == failed.Delivery);
        again.Version.ShouldBeGreaterThan(failed.Version);
        var work = (await next.Deliveries.LoadAsync([again], Cancellation)).ShouldHaveSingleItem();
        work.AttemptCount.ShouldBe(1);
        work.Failures.ShouldBe(1);
    }

    [Fact]
    public async Task Log_cut_off_anywhere_holds_whole_commits_only()
    {
        var tenant = await NewTenantAsync();
        for (var i = 0; i < Subscribers; i++)
            await SubscribeAsync(tenant);
        var begin = new FileInfo(Data.Log).Length;
        for (var i = 0; i < Events; i++)
            await AppendAsync(tenant, key: $"key {i}");
        foreach (var leases in (await ClaimAsync()).Chunk(SettledAtOnce))
            await SettleAsync([.. leases.Select(lease => DeliveredOf(lease))]);
        using var left = Data.CopyAsItIs();
        var database = await File.ReadAllBytesAsync(left.Database, Cancellation);
        var log = await File.ReadAllBytesAsync(left.Log, Cancellation);

        var seen = new List<(long Events, long Settled)>();
        for (var length = begin; length <= log.Length; length += LogFrame / 2)
        {
            await File.WriteAllBytesAsync(left.Database, database, Cancellation);
            await File.WriteAllBytesAsync(left.Log, log[..(int)length], Cancellation);
            seen.Add(CheckWhole(left));
        }

        ((log.Length - LogHeader) % LogFrame).ShouldBe(0, "the log is one of whole frames, cut at each and between");
        seen.Distinct().ShouldBe(
            [
                .. Enumerable.Range(0, Events + 1).Select(count => ((long)count, 0L)),
                .. Enumerable.Range(1, Events * Subscribers / SettledAtOnce).Select(count => ((long)Events, (long)count * SettledAtOnce)),
            ],
            "commits come one after the other, each whole");
    }

    private static (long Events, long Settled) CheckWhole(TemporaryDataDirectory left)
    {
        left.Read("pragma integrity_check").ShouldBe(["ok"]);
        left.Count(
            """
            select count(*)
            from events e
            where (select count(*) from deliveries d where d.tenant = e.tenant and d.event = e.id) <> 3
                or not exists (select 1 from idempotency_keys k where k.tenant = e.tenant and k.event = e.id)
            """).ShouldBe(0, "events without all of their deliveries or their key");
        left.Count(
            """
            select count(*)
            from deliveries d
            where not exists (select 1 from events e where e.tenant = d.tenant and e.id = d.event)
                or (d.status = 2) <> exists (select 1 from attempts a where a.delivery = d.id)
            """).ShouldBe(0, "deliveries without their event, or with half an outcome");
        return (left.Count("select count(*) from events"), left.Count("select count(*) from deliveries where status = 2"));
    }
}
