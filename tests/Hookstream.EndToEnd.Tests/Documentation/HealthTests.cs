using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Documentation;

public sealed class HealthTests(SharedServer shared)
{
    private ApiClient Anonymous => new(shared.Server.Http, null);

    [Fact]
    public async Task Health_reports_version_store_and_queue_without_a_token()
    {
        var answer = await Anonymous.GetAsync("/health");

        answer.ShouldHaveStatus(200);
        answer.Json.Text("status").ShouldNotBeEmpty();
        answer.Json.Text("version").ShouldMatch(@"^\d+\.\d+\.\d+");
        answer.Json.GetProperty("uptime_seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        answer.Json.GetProperty("store").Text("status").ShouldNotBeEmpty();
        answer.Json.GetProperty("store").GetProperty("latency_ms").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        answer.Json.GetProperty("queue").Text("status").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_answer_without_a_token(string path) => (await Anonymous.GetAsync(path)).ShouldHaveStatus(200);
}
