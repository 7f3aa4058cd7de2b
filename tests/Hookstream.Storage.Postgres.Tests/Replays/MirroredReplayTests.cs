using Hookstream.Core.Lanes;
using Hookstream.Core.Recoveries;
using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Replays;

/// <summary>With a queue apart from the store, that queue knows what is in flight, and is told what was changed.</summary>
public sealed class MirroredReplayTests : IAsyncLifetime
{
    private readonly RecordedMirror _mirror = new();
    private StoreParts _parts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _parts = await StoreParts.CreateAsync(_mirror);

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Queue_apart_says_what_is_in_flight()
    {
        var parent = await _parts.AddEventAsync();
        var sending = await _parts.AddPendingAsync(parent);
        var waiting = await _parts.AddPendingAsync(parent);
        _mirror.Sending.Add(sending);

        (await _parts.Replay.ReplayAsync(StoreParts.TenantNo, sending, Cancellation)).ShouldBe(ReplayOutcome.InFlight);
        (await _parts.Replay.CancelAsync(StoreParts.TenantNo, sending, Cancellation)).ShouldBe(ReplayOutcome.InFlight);
        (await _parts.Replay.EventAsync(StoreParts.TenantNo, parent, Cancellation))
            .ShouldBe(new EventReplayResult(ReplayOutcome.Accepted, 1));

        _mirror.Enqueued.ShouldHaveSingleItem().Id.ShouldBe(waiting);
        _mirror.Locked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Queue_apart_is_told_the_new_version_and_what_was_cancelled()
    {
        var parent = await _parts.AddEventAsync();
        var dead = await _parts.AddEndedAsync(parent, DeliveryStatus.DeadLetter);
        var pending = await _parts.AddPendingAsync(parent);

        await _parts.Replay.ReplayAsync(StoreParts.TenantNo, dead, Cancellation);
        await _parts.Replay.CancelAsync(StoreParts.TenantNo, pending, Cancellation);

        var queued = _mirror.Enqueued.ShouldHaveSingleItem();
        queued.Id.ShouldBe(dead);
        queued.Due.ShouldBe(_parts.Now);
        queued.Class.ShouldBe((int)EventPriority.High);
        queued.Version.ShouldBe(await _parts.CountAsync("select version from unfinished"));
        _mirror.Removed.ShouldBe([pending]);
        _mirror.Locked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Queue_apart_is_told_of_what_is_recovered()
    {
        var dead = await _parts.AddEndedAsync(await _parts.AddEventAsync(), DeliveryStatus.DeadLetter);
        await _parts.AddEventAsync();
        var subscriber = new SubscriberId(Guid.Parse((await _parts.Database.ReadAsync("select id from subscribers"))[0]));
        var since = _parts.Now;
        _parts.Time.Advance(TimeSpan.FromSeconds(1));
        await _parts.Recovery.AcceptAsync(StoreParts.TenantNo, subscriber, new RecoveryWindow(since, null, since), Cancellation);

        while (await _parts.Recovery.RunAsync(Cancellation))
        {
        }

        _mirror.Enqueued.Count.ShouldBe(2);
        _mirror.Enqueued.ShouldAllBe(queued =>
            queued.Class == LaneClass.Background && queued.Due == _parts.Now && queued.Subscriber == subscriber);
        _mirror.Enqueued.Single(queued => queued.Id == dead).Version.ShouldBe(2);
        _mirror.Enqueued.Single(queued => queued.Id != dead).Version.ShouldBe(0);
        _mirror.Locked.ShouldBeEmpty();
    }
}
