using System.Diagnostics;
using System.Globalization;
using Hookstream.Api.RateLimits;

namespace Hookstream.Api.Tests.RateLimits;

public sealed class KeyRateLimiterTests
{
    private const string Path = "/api/v1/subscribers";
    private const int Rate = 5;

    [Fact]
    public async Task Key_beyond_its_rate_is_refused_for_a_moment_and_nobody_else_is()
    {
        await using var server = new ApiServer(options => options with { RequestsPerSecond = Rate });
        await server.InitializeAsync();
        var other = server.Tenants.AddKey(server.Tenant);

        var (accepted, refused) = await UntilRefusedAsync(server);

        accepted.ShouldBeGreaterThanOrEqualTo(Rate, "a second's worth may come at once");
        refused.ShouldFail(429, "rate_limited");
        refused.Detail.ShouldContain("HOOKSTREAM_API_RATE_LIMIT");
        int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBe(1);
        (await server.GetAsync(Path, other)).Status.ShouldBe(200);
        (await server.GetAsync("/api/v1/tenants", ApiServer.AdminToken)).Status.ShouldBe(200);
        (await server.GetAsync("/health", "")).Status.ShouldBe(200);

        var waited = Stopwatch.StartNew();
        while ((await server.GetAsync(Path)).Status != 200)
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Events_are_bounded_as_every_other_call()
    {
        await using var server = new ApiServer(options => options with { RequestsPerSecond = Rate });
        await server.InitializeAsync();
        await UntilRefusedAsync(server);

        (await server.PostAsync("/api/v1/events", """{"type":"a","payload":{}}""")).ShouldFail(429, "rate_limited");
        server.Events.Appended.ShouldBeEmpty();
    }

    [Fact]
    public void Rate_is_kept_over_time()
    {
        using var limiter = new KeyRateLimiter(Options(200));
        var key = ApiKeyId.New(ApiServer.Now);
        var accepted = 0;

        var running = Stopwatch.StartNew();
        // On a machine that stands still meanwhile, until it has come to as much.
        while (running.Elapsed < TimeSpan.FromSeconds(2) || (accepted <= 400 && running.Elapsed < TimeSpan.FromMinutes(1)))
        {
            if (limiter.Refuse(key) is null)
                accepted++;
        }

        // The first second's worth at once, and then the rate; timers may be late, never early.
        var most = 200 * (1 + running.Elapsed.TotalSeconds);
        accepted.ShouldBeLessThanOrEqualTo((int)(most * 1.05));
        accepted.ShouldBeGreaterThan(400);
    }

    [Fact]
    public void Without_a_limit_nothing_is_refused()
    {
        using var limiter = new KeyRateLimiter(Options(null));
        var key = ApiKeyId.New(ApiServer.Now);

        for (var i = 0; i < 100_000; i++)
            limiter.Refuse(key).ShouldBeNull();
    }

    private static ApiOptions Options(int? rate) => new() { RequestsPerSecond = rate, Version = "1", StartedAt = ApiServer.Now };

    private static async Task<(int Accepted, Answered Refused)> UntilRefusedAsync(ApiServer server)
    {
        for (var accepted = 0; ; accepted++)
        {
            var answer = await server.GetAsync(Path);
            if (answer.Status != 200)
                return (accepted, answer);
            accepted.ShouldBeLessThan(1_000, "nothing is ever refused");
        }
    }
}
