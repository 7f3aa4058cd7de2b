namespace Hookstream.EndToEnd.Tests.Crashes;

/// <summary>The server is killed under load, at random moments, again and again.</summary>
[Collection(nameof(CrashCollection))]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int WorkerConcurrency = 64;
    private const int EventsPerRound = 2_000;

    // What may be claimed and not recorded at the kill: in flight, or ended.
    private const int MostDuplicates = 4 * WorkerConcurrency;

    [Fact]
    public Task Every_accepted_event_arrives_when_the_server_is_killed_three_times() => KillAsync(rounds: 3);

    [Fact]
    [Trait("Category", "Scale")]
    public Task Every_accepted_event_arrives_when_the_server_is_killed_fifteen_times() => KillAsync(rounds: 15);

    [Fact]
    public async Task Nothing_is_lost_or_sent_twice_when_the_server_is_stopped_under_load()
    {
        await using var bench = await CrashBench.StartAsync(WorkerConcurrency);

        var duplicates = await bench.RoundAsync(
            EventsPerRound, async server => (await server.StopAsync()).ShouldBe(0, "exit code after SIGTERM"));

        duplicates.ShouldBe(0);
    }

    private async Task KillAsync(int rounds)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bench = await CrashBench.StartAsync(WorkerConcurrency);
        for (var round = 1; round <= rounds; round++)
        {
            var events = EventsPerRound + random.Next(1_000);
            var duplicates = await bench.RoundAsync(events, server => server.KillAsync());
            output.WriteLine($"round {round}: killed after {events} accepted events, {duplicates} duplicates");
            duplicates.ShouldBeLessThanOrEqualTo(MostDuplicates);
        }
    }
}
