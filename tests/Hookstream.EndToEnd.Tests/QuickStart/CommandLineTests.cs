using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.QuickStart;

/// <summary>A first try as the README describes it, by the command line.</summary>
public sealed class CommandLineTests(SharedServer shared)
{
    private ApiClient Default => new(shared.Server.Http, shared.Server.ApiToken);

    [Fact]
    public async Task Listen_shows_a_sent_event_as_verified_and_cleans_up_after_itself()
    {
        await using var listen = shared.Server.StartCommand("listen", "--port", "0", "--events", "listen.*");
        await Eventually.TrueAsync(
            async () => await ListenersAsync() == 1, () => $"listen to register itself; it wrote\n{listen.Output.Tail()}");

        var (exitCode, output) = await shared.Server.RunToEndAsync(["send", "listen.completed", "--data", """{"amount":4200}"""]);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("evt_");
        await listen.Output.WaitForAsync("4200");
        (await listen.StopAsync()).ShouldBe(0);
        var shown = string.Join('\n', listen.Output.Since(0));
        shown.ShouldContain("listen.completed");
        shown.ShouldContain("1 received, 1 verified");
        (await ListenersAsync()).ShouldBe(0);
    }

    [Fact]
    public void Generated_tokens_are_for_their_owner_only()
    {
        foreach (var file in (string[])["api-token", "admin-token", "encryption-key"])
        {
            File.GetUnixFileMode(Path.Combine(shared.Server.DataDirectory, file))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Fact]
    public async Task Operator_suspends_and_resumes_a_tenant()
    {
        var tenant = await shared.NewTenantAsync();

        var (suspended, output) = await shared.Server.RunToEndAsync(["tenants", "suspend", tenant.Id]);
        suspended.ShouldBe(0, output);
        (await tenant.Api.GetAsync("/api/v1/events")).ShouldBeProblem(403, "tenant_suspended");

        (await shared.Server.RunToEndAsync(["tenants", "resume", tenant.Id])).ExitCode.ShouldBe(0);
        (await tenant.Api.GetAsync("/api/v1/events")).Data();
    }

    [Fact]
    public async Task Commands_that_fail_say_why_and_exit_with_1()
    {
        (await shared.Server.RunToEndAsync(["healthcheck"])).ExitCode.ShouldBe(0);
        (await shared.Server.RunToEndAsync(["healthcheck"], ("PORT", $"{FreePort.Find()}"))).ExitCode.ShouldBe(1);

        var (exitCode, output) = await shared.Server.RunToEndAsync(["send", "no spaces"]);

        exitCode.ShouldBe(1, output);
        output.ShouldContain("type");
        output.ShouldNotContain("   at ");
    }

    private async Task<int> ListenersAsync() => (await Default.GetAsync("/api/v1/subscribers?limit=100")).Data()
        .EnumerateArray().Count(subscriber => subscriber.GetProperty("events").ToString() == """["listen.*"]""");
}
