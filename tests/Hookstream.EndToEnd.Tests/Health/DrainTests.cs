using System.Diagnostics;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Health;

/// <summary>SIGTERM with <c>HOOKSTREAM_SHUTDOWN_DELAY</c>: what load balancers see, and what goes on meanwhile.</summary>
public class DrainTests
{
    // Long enough for what is looked at meanwhile on a busy machine.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Process_that_is_told_to_stop_is_not_ready_at_once_and_serves_until_the_delay_has_passed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_SHUTDOWN_DELAY", "8s"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);
        var anonymous = new ApiClient(server.Http, null);
        (await anonymous.GetAsync("/health/ready")).Status.ShouldBe(200);
        (await server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(0);

        var stopped = Stopwatch.StartNew();
        var stopping = server.StopAsync();

        await Eventually.TrueAsync(
            async () => (await anonymous.GetAsync("/health/ready")).Status == 503, () => "readiness to fail", Delay / 4);
        var ready = await anonymous.GetAsync("/health/ready");
        ready.Status.ShouldBe(503);
        ready.Json.Text("status").ShouldBe("stopping");
        ready.Json.GetProperty("store").Text("status").ShouldBe("ok");
        ready.Headers["Connection"].ShouldBe("close");
        (await anonymous.GetAsync("/health/live")).Status.ShouldBe(200);
        var posted = await tenant.PostAsync("order.paid");
        (await endpoint.WaitForAsync(1))[0].EventId.ShouldBe(posted.Id);
        (await server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(1);
        stopped.Elapsed.ShouldBeLessThan(Delay, "what was looked at until here was to be looked at before the delay has passed");

        (await stopping).ShouldBe(0);
        stopped.Elapsed.ShouldBeGreaterThan(Delay - TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<HttpRequestException>(() => anonymous.GetAsync("/health/live"));
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);
}
