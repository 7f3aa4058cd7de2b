using System.Diagnostics;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Health;

/// <summary>SIGTERM with <c>HOOKSTREAM_SHUTDOWN_DELAY</c>: what load balancers see, and what goes on meanwhile.</summary>
public class DrainTests
{
    [Fact]
    public async Task Process_that_is_told_to_stop_is_not_ready_at_once_and_goes_on_serving()
    {
        await using var receiver = await Receiver.StartAsync();
        // Nobody waits for its end: it is killed when all has been looked at.
        await using var server = await StartServerAsync(("HOOKSTREAM_SHUTDOWN_DELAY", "10m"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);
        var anonymous = new ApiClient(server.Http, null);
        (await anonymous.GetAsync("/health/ready")).Status.ShouldBe(200);
        (await server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(0);

        await server.BeginStopAsync();

        await Eventually.TrueAsync(
            async () => (await anonymous.GetAsync("/health/ready")).Status == 503, () => "readiness to fail");
        var ready = await anonymous.GetAsync("/health/ready");
        ready.Status.ShouldBe(503);
        ready.Json.Text("status").ShouldBe("stopping");
        ready.Json.GetProperty("store").Text("status").ShouldBe("ok");
        ready.Headers["Connection"].ShouldBe("close");
        (await anonymous.GetAsync("/health/live")).Status.ShouldBe(200);
        var posted = await tenant.PostAsync("order.paid");
        (await endpoint.WaitForAsync(1))[0].EventId.ShouldBe(posted.Id);
        (await server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Process_that_is_told_to_stop_ends_when_the_delay_has_passed_and_no_sooner()
    {
        await using var server = await StartServerAsync(("HOOKSTREAM_SHUTDOWN_DELAY", "2s"));
        var anonymous = new ApiClient(server.Http, null);
        var stopped = Stopwatch.StartNew();

        (await server.StopAsync()).ShouldBe(0);

        stopped.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
        await Should.ThrowAsync<HttpRequestException>(() => anonymous.GetAsync("/health/live"));
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);
}
