using CsCheck;
using Hookstream.Core.Rates;

namespace Hookstream.Core.Tests.Rates;

public sealed class RateBucketTests
{
    private const long Start = 1_767_225_600_000;
    private const long Window = 60_000;

    // Whole and broken rates, over all orders of magnitude that are accepted.
    private static readonly Gen<double> Rates = Gen.OneOf(
        Gen.Const(0.1), Gen.Const(1.0), Gen.Const(10_000.0), Gen.Double[0.1, 3], Gen.Double[1, 200], Gen.Int[1, 10_000].Select(rate => (double)rate));

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(49, 49)]
    [InlineData(10_000, 10_000)]
    public void Full_bucket_holds_one_seconds_worth_and_one_at_the_least(double rate, int burst)
    {
        default(RateBucket).Tokens(rate, Start).ShouldBe(burst);
        default(RateBucket).After(rate, burst, Start).Tokens(rate, Start).ShouldBe(0);
    }

    [Theory]
    [InlineData(0.1, 10_000)]
    [InlineData(0.5, 2_000)]
    [InlineData(4, 250)]
    public void Token_comes_back_after_one_interval(double rate, long interval)
    {
        var burst = (int)Math.Max(1, rate);
        var used = default(RateBucket).After(rate, burst, Start).After(rate, 1, Start + interval);

        // Half an interval is what a late claim may catch up with.
        used.ReadyAt(rate, Start + interval).ShouldBeInRange(Start + interval + (interval / 2), Start + (2 * interval));
        used.Tokens(rate, Start + (2 * interval)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void In_no_window_there_are_more_requests_than_the_rate_and_one_burst() =>
        Gen.Select(Rates, Gen.Select(Gen.Int[0, 3_000], Gen.Int[1, 400]).Array[50, 400]).Sample((rate, claims) =>
        {
            var made = new List<(long At, int Count)>();
            var (bucket, now) = (default(RateBucket), Start);
            foreach (var (pause, wanted) in claims)
            {
                now += pause;
                var count = Math.Min(wanted, bucket.Tokens(rate, now));
                bucket = bucket.After(rate, count, now);
                made.Add((now, count));
            }

            WindowsOf(made).ShouldAllBe(sum => sum <= (rate * Window / 1_000) + Math.Max(1, rate) + 0.5 + 2e-3);
        });

    [Fact]
    public void Who_looks_when_told_to_but_late_loses_nothing_of_the_rate() =>
        Gen.Select(Rates, Gen.Int[1, 8], Gen.Int[0, 300].Array[3_000]).Sample(
            (rate, parts, delays) =>
            {
                var made = new List<(long At, int Count)>();
                var (bucket, now) = (default(RateBucket), Start);
                foreach (var delay in delays)
                {
                    if (now > Start + (3 * Window))
                        break;
                    var count = bucket.Tokens(rate, now);
                    count.ShouldBeGreaterThan(0, "it was told to look although there is no token");
                    var most = Math.Max(1, count / parts);
                    for (; count > 0; count -= most)
                    {
                        bucket = bucket.After(rate, Math.Min(most, count), now);
                        made.Add((now, Math.Min(most, count)));
                    }

                    var ready = bucket.ReadyAt(rate, now);
                    // 0: what was left was a token all but for a rounding.
                    if (ready != 0)
                        ready.ShouldBeGreaterThanOrEqualTo(now + RateBucket.Pause);
                    now = Math.Max(ready, now) + delay;
                }

                var end = made[^1].At;
                foreach (var (from, sum) in made.Select(claim => claim.At).Zip(WindowsOf(made)).Where(window => window.First + Window < end))
                {
                    ((double)sum).ShouldBeGreaterThanOrEqualTo((0.9 * rate * Window / 1_000) - 1, $"from {from - Start}");
                    ((double)sum).ShouldBeLessThanOrEqualTo((1.05 * rate * Window / 1_000) + Math.Max(1, rate));
                }
            },
            iter: 40);

    [Fact]
    public void After_a_change_of_the_rate_or_the_clock_nobody_waits_for_more_than_one_token() =>
        Gen.Select(Rates, Rates, Gen.Int[1, 50], Gen.Long[-86_400_000, 86_400_000]).Sample((before, after, count, jump) =>
        {
            var bucket = default(RateBucket).After(before, count, Start);

            bucket = bucket.Bounded(after, Start + jump);
            var ready = bucket.ReadyAt(after, Start + jump);

            ready.ShouldBeLessThanOrEqualTo(Start + jump + (long)Math.Max(RateBucket.Pause, Math.Ceiling(1_000 / after)));
            if (ready != 0)
                bucket.Tokens(after, ready).ShouldBeGreaterThan(0);
        });

    private static IEnumerable<int> WindowsOf(List<(long At, int Count)> made)
    {
        for (var (from, to, sum) = (0, 0, 0); from < made.Count; sum -= made[from++].Count)
        {
            for (; to < made.Count && made[to].At < made[from].At + Window; to++)
                sum += made[to].Count;
            yield return sum;
        }
    }
}
