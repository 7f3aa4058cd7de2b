using System.Diagnostics;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.QuickStart;

/// <summary>What `make run` prints for the person who typed it, piped or not.</summary>
public sealed class BannerTests
{
    [Fact]
    public async Task Banner_that_is_asked_for_shows_token_reference_and_curl_line_where_nothing_is_a_terminal()
    {
        await using var server = await ServerProcess.StartAsync(("HOOKSTREAM_BANNER", "1"));

        await server.Log.WaitForAsync($"-d '{{\"type\":\"payment.completed\"");
        var shown = string.Join('\n', server.Log.Since(0));
        shown.ShouldContain($"Hookstream is ready on http://127.0.0.1:{server.Port}");
        shown.ShouldContain(server.ApiToken);
        shown.ShouldContain($"http://127.0.0.1:{server.Port}/docs");
        shown.ShouldContain("./hookstream listen");
        shown.ShouldContain($"curl http://127.0.0.1:{server.Port}/api/v1/events");
    }

    [Fact]
    public async Task Tokens_stay_out_of_the_output_of_a_service_that_nobody_looks_at()
    {
        await using var server = await ServerProcess.StartAsync();

        (await server.StopAsync()).ShouldBe(0);

        var written = string.Join('\n', server.Log.Since(0));
        written.ShouldNotContain(server.ApiToken);
        written.ShouldNotContain(server.AdminToken);
    }

    [Fact]
    public async Task Make_run_asks_for_the_banner()
    {
        using var make = Process.Start(new ProcessStartInfo("make", ["--dry-run", "--directory", Repository.Root, "run"])
        {
            RedirectStandardOutput = true,
        })!;

        var commands = await make.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        commands.ShouldContain("HOOKSTREAM_BANNER=1 exec ./hookstream serve");
    }
}
