namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>
/// Receivers that mean harm, on real sockets. Each request ends inside its deadline with the outcome that is so, reads no more
/// than it should, is sent once, and leaves no connection behind on which the next one would be answered by what is left.
/// </summary>
public sealed class HostileReceiverTests(HostileRun run) : IClassFixture<HostileRun>
{
    // What the buffers of two sockets take in besides what is read.
    private const long MaxTaken = 24 << 20;

    internal static readonly Dictionary<string, HostileCase> Cases =
        new[] { HostileBodies.All, HostileHeads.All, HostileEnds.All, HostileTls.All }.SelectMany(all => all).ToDictionary(hostile => hostile.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hostile_receiver_hurts_nobody(string name)
    {
        var hostile = Cases[name];
        var result = await run.ResultOf(hostile);

        foreach (var attempt in result.Attempts)
        {
            attempt.Outcome.ShouldBe(hostile.Outcome, attempt.Error);
            attempt.StatusCode.ShouldBe(hostile.Status);
            hostile.Check?.Invoke(attempt);
        }

        result.Longest.ShouldBeLessThan(hostile.Hangs ? HostileRun.ShortTimeout + TimeSpan.FromSeconds(20) : HostileRun.LongTimeout);
        if (hostile.Hangs)
            result.Attempts.ShouldAllBe(attempt => attempt.Duration >= HostileRun.ShortTimeout * 0.9);
        result.Connections.ShouldBe(hostile.Reused ? 1 : 2);
        result.Requests.Count.ShouldBeLessThanOrEqualTo(2);
        result.Requests.ShouldAllBe(request => !request.Contains("Cookie", StringComparison.OrdinalIgnoreCase));
        result.Written.ShouldBeLessThan(MaxTaken);
    }

    [Fact]
    public void There_are_at_least_60_of_them() => Cases.Count.ShouldBeGreaterThanOrEqualTo(60);
}
