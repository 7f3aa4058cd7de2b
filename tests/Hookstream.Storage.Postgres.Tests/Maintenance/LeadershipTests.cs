using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Maintenance;

/// <summary>Chores have one leader; another takes over when it is gone.</summary>
public sealed class LeadershipTests : IAsyncLifetime
{
    private StoreParts _parts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _parts = await StoreParts.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Other_takes_over_when_the_leader_renews_no_more()
    {
        await using var other = _parts.NewLeadership();
        (await _parts.Leadership.HoldAsync(Cancellation)).ShouldBeTrue();
        (await other.HoldAsync(Cancellation)).ShouldBeFalse();
        _parts.Time.Advance(TimeSpan.FromSeconds(29));
        (await other.HoldAsync(Cancellation)).ShouldBeFalse();

        _parts.Time.Advance(TimeSpan.FromSeconds(1));

        (await other.HoldAsync(Cancellation)).ShouldBeTrue();
        (await _parts.Leadership.HoldAsync(Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Leader_that_goes_on_stays_the_leader()
    {
        await using var other = _parts.NewLeadership();
        for (var i = 0; i < 20; i++)
        {
            (await _parts.Leadership.HoldAsync(Cancellation)).ShouldBeTrue();
            (await other.HoldAsync(Cancellation)).ShouldBeFalse();
            _parts.Time.Advance(TimeSpan.FromSeconds(7));
        }
    }

    [Fact]
    public async Task Leader_that_is_closed_lets_the_next_one_lead_at_once()
    {
        var closing = _parts.NewLeadership();
        (await closing.HoldAsync(Cancellation)).ShouldBeTrue();

        await closing.DisposeAsync();

        (await _parts.Leadership.HoldAsync(Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Process_that_does_not_lead_does_no_chores()
    {
        await using var other = _parts.NewLeadership();
        (await other.HoldAsync(Cancellation)).ShouldBeTrue();
        var parent = await _parts.AddEventAsync();
        await _parts.AddPendingAsync(parent);
        await _parts.RunAsync($"update subscribers set cancelling = true, deleted_at = {StoreParts.Sql(_parts.Now)}");

        (await _parts.Maintenance.RunBacklogAsync(Cancellation)).ShouldBeFalse();
        (await _parts.Maintenance.RemoveExpiredAsync(TimeSpan.FromDays(1), Cancellation)).ShouldBe(0);

        (await _parts.CountAsync("select count(*) from unfinished")).ShouldBe(1);
    }

    [Fact]
    public async Task What_waits_is_measured_by_the_leader_alone()
    {
        await using var other = _parts.NewLeadership();
        (await _parts.Maintenance.MeasureBacklogAsync(Cancellation)).ShouldNotBeNull();
        _parts.Time.Advance(TimeSpan.FromSeconds(31));
        (await other.HoldAsync(Cancellation)).ShouldBeTrue();

        (await _parts.Maintenance.MeasureBacklogAsync(Cancellation)).ShouldBeNull();
    }
}
