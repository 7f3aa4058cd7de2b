using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Storage.Postgres.Tests.Times;

/// <summary>One clock decides: PostgreSQL's, whatever the process's says.</summary>
public sealed class StoreClockTests(StoreDatabases databases)
{
    // Far from the minutes that the clocks are off, and from what a busy machine takes between two readings.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task Clock_of_a_process_that_is_minutes_off_shows_the_time_of_the_store(int minutes)
    {
        await using var database = await databases.CreateEmptyAsync();
        var process = new SteppedTime { Offset = TimeSpan.FromMinutes(minutes) };
        var clock = new StoreClock(process, ClockSource.Store);

        await SynchronizeAsync(clock, database);

        (clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public async Task Step_of_the_wall_clock_does_not_move_it()
    {
        await using var database = await databases.CreateEmptyAsync();
        var process = new SteppedTime();
        var clock = new StoreClock(process, ClockSource.Store);
        await SynchronizeAsync(clock, database);

        process.Offset = TimeSpan.FromHours(-3);

        (clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public async Task It_goes_on_with_the_process_between_two_questions()
    {
        await using var database = await databases.CreateEmptyAsync();
        var process = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var clock = new StoreClock(process, ClockSource.Store);
        await SynchronizeAsync(clock, database);
        var before = clock.GetUtcNow();

        process.Advance(TimeSpan.FromMinutes(10));

        (clock.GetUtcNow() - before).ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Until_it_was_asked_the_process_has_the_time()
    {
        var process = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

        new StoreClock(process, ClockSource.Store).GetUtcNow().ShouldBe(process.GetUtcNow());
    }

    [Fact]
    public void SQL_takes_the_time_of_the_server_in_production_and_that_of_the_test_in_tests()
    {
        var process = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, 123, TimeSpan.Zero));

        new StoreClock(process, ClockSource.Store).SqlNow.ShouldBeNull();
        new StoreClock(process, ClockSource.Process).SqlNow.ShouldBe(process.GetUtcNow());
    }

    [Fact]
    public async Task Clock_that_a_test_owns_does_not_ask()
    {
        await using var database = await databases.CreateEmptyAsync();
        var process = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var clock = new StoreClock(process, ClockSource.Process);

        await SynchronizeAsync(clock, database);

        clock.GetUtcNow().ShouldBe(process.GetUtcNow());
    }

    private static async Task SynchronizeAsync(StoreClock clock, PostgresDatabase database)
    {
        await using var connection = await database.ConnectAsync();
        await clock.SynchronizeAsync(connection, TestContext.Current.CancellationToken);
    }

    /// <summary>A wall clock that somebody sets, over a monotonic clock that nobody can.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
