using Hookstream.Core.Retries;

namespace Hookstream.Core.Tests.Retries;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Default_schedule_is_the_documented_one()
    {
        RetrySchedule.Default.Attempts.ShouldBe(5);
        RetrySchedule.Default.ToString().ShouldBe("0s,30s,5m,30m,2h");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 30)]
    [InlineData(2, 300)]
    [InlineData(3, 1_800)]
    [InlineData(4, 7_200)]
    public void Delay_after_failures_is_the_one_of_the_next_attempt(int failures, int seconds) =>
        RetrySchedule.Default.DelayAfter(failures).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(int.MaxValue)]
    public void Delay_after_the_budget_is_spent_is_none(int failures) =>
        RetrySchedule.Default.DelayAfter(failures).ShouldBeNull();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Schedule_has_1_to_20_attempts(int count, bool accepted)
    {
        RetrySchedule.TryCreate([.. Enumerable.Repeat(TimeSpan.FromSeconds(1), count)], out var schedule).ShouldBe(accepted);
        (schedule is not null).ShouldBe(accepted);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(30L * 86_400_000, true)]
    [InlineData((30L * 86_400_000) + 1, false)]
    public void Schedule_has_delays_of_0_to_30_days(long milliseconds, bool accepted) =>
        RetrySchedule.TryCreate([TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds)], out _).ShouldBe(accepted);

    [Fact]
    public void Schedule_is_not_changed_through_the_list_it_was_made_of()
    {
        var delays = new List<TimeSpan> { TimeSpan.Zero, TimeSpan.FromSeconds(1) };
        RetrySchedule.TryCreate(delays, out var schedule).ShouldBeTrue();

        delays[1] = TimeSpan.FromDays(1);

        schedule!.DelayAfter(1).ShouldBe(TimeSpan.FromSeconds(1));
    }
}
