using Hookstream.Api.Metrics;

namespace Hookstream.Api.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    private const string Token = "a-token-for-prometheus";

    [Theory]
    [InlineData(Token, 200)]
    [InlineData("another", 401)]
    [InlineData("", 401)]
    [InlineData(Token + "x", 401)]
    public async Task With_a_token_only_who_has_it_reads_metrics(string given, int status)
    {
        await using var server = new ApiServer(options => options, metrics: new MetricsEndpointOptions(null, KeyHash.Of(Token)));
        await server.InitializeAsync();

        var answer = await server.GetAsync("/metrics", given);

        answer.Status.ShouldBe(status);
        if (status == 200)
        {
            answer.Text.ShouldBe("scraped");
            return;
        }

        answer.Code.ShouldBe("unauthorized");
        answer.Headers["Content-Type"].ShouldBe("application/problem+json");
        answer.Text.ShouldNotContain(Token);
    }

    [Fact]
    public async Task Without_a_token_anybody_reads_metrics()
    {
        await using var server = new ApiServer(options => options, metrics: new MetricsEndpointOptions(null, null));
        await server.InitializeAsync();

        (await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/metrics"))).Text.ShouldBe("scraped");
        (await server.SendAsync(HttpMethod.Post, "/metrics", "{}")).Status.ShouldBe(405);
    }

    [Fact]
    public async Task On_a_port_of_their_own_they_are_not_on_the_API_s()
    {
        await using var elsewhere = new ApiServer(options => options, metrics: new MetricsEndpointOptions(1, null));
        await elsewhere.InitializeAsync();

        (await elsewhere.GetAsync("/metrics")).Status.ShouldBe(404);
        (await elsewhere.GetAsync("/health")).Status.ShouldBe(200);
    }
}
