using System.Globalization;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Protection;

/// <summary>The rate limit of the API, by its setting.</summary>
public class ApiRateLimitTests
{
    [Fact]
    public async Task Key_that_makes_more_requests_than_the_setting_allows_gets_429_until_it_waits()
    {
        await using var server = await StartServerAsync(("HOOKSTREAM_API_RATE_LIMIT", "3"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var other = await TenantApi.CreateAsync(server.Http, server.AdminToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => tenant.Api.GetAsync("/api/v1/events")));

        answers.Count(answer => answer.Status == 200).ShouldBeGreaterThanOrEqualTo(3);
        var refused = answers.Where(answer => answer.Status != 200).ToList();
        refused.ShouldNotBeEmpty();
        foreach (var answer in refused)
            answer.ShouldBeProblem(429, "rate_limited");
        int.Parse(refused[0].Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(1);
        (await other.Api.GetAsync("/api/v1/events")).Data();
        await Eventually.TrueAsync(
            async () => (await tenant.Api.GetAsync("/api/v1/events")).Status == 200, () => "the key to be let in again");
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);
}
