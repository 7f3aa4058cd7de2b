using System.Diagnostics;
using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.QuickStart;

/// <summary>What the README asks to be pasted, pasted: against this server instead of the one on port 3000.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly SharedServer _shared;
    private readonly string _directory = Directory.CreateTempSubdirectory("hookstream-readme-").FullName;

    public ReadmeTests(SharedServer shared)
    {
        _shared = shared;
        Directory.CreateSymbolicLink(DataDirectory, shared.Server.DataDirectory);
    }

    // The commands read the token from where the server keeps it, seen from where it was started.
    private string DataDirectory => Path.Combine(_directory, "data");

    private ApiClient Default => new(_shared.Server.Http, _shared.Server.ApiToken);

    public void Dispose()
    {
        Directory.Delete(DataDirectory);
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Readmes_curl_sends_an_event()
    {
        var command = Blocks("sh").Single(block => block.Contains("/api/v1/events", StringComparison.Ordinal));

        var answer = JsonElement.Parse(await PasteAsync(command)).GetProperty("data");

        var sent = (await Default.GetAsync($"/api/v1/events/{answer.Text("event_id")}")).Data();
        sent.Text("type").ShouldBe("payment.completed");
    }

    [Fact]
    public async Task Readmes_curl_registers_an_endpoint_and_shows_its_secret()
    {
        var command = Blocks("sh").Single(block => block.Contains("/api/v1/subscribers", StringComparison.Ordinal));

        var created = JsonElement.Parse(
            await PasteAsync(command.Replace(":8080/", $":{FreePort.Find()}/", StringComparison.Ordinal))).GetProperty("data");

        created.Text("secret").ShouldStartWith("whsec_");
        (await Default.DeleteAsync($"/api/v1/subscribers/{created.Text("id")}")).ShouldHaveStatus(204);
    }

    [Fact]
    public async Task Readmes_receiver_answers_the_challenge_and_tells_genuine_from_forged()
    {
        var port = FreePort.Find();
        var receiver = Blocks("js").Single(block => block.Contains("createServer", StringComparison.Ordinal));
        var script = Path.Combine(_directory, "receiver.mjs");
        await File.WriteAllTextAsync(
            script, receiver.Replace("8080", $"{port}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var tenant = await _shared.NewTenantAsync();
        var created = (await tenant.Api.PostAsync(
            "/api/v1/subscribers", new { url = $"http://127.0.0.1:{port}/webhooks", events = new[] { "order.*" } })).Data(201);
        var start = new ProcessStartInfo("node", [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SECRET"] = created.Text("secret");
        await using var node = new RunningCommand(start);
        var verify = $"/api/v1/subscribers/{created.Text("id")}/verify";
        await Eventually.TrueAsync(
            async () => (await tenant.Api.PostAsync(verify)).Status == 200,
            () => $"the receiver to answer the challenge; it wrote\n{node.Output.Tail()}");

        var posted = await tenant.PostAsync("order.paid", """{"total":4200}""");
        await node.Output.WaitForAsync(posted.Id);
        using var forged = new StringContent("""{"type":"order.paid"}""");
        forged.Headers.Add("X-Hookstream-Signature", "sha256=" + new string('0', 64));
        using var refused = await _shared.Server.Http.PostAsync(
            new Uri($"http://127.0.0.1:{port}/webhooks"), forged, TestContext.Current.CancellationToken);

        ((int)refused.StatusCode).ShouldBe(401);
        (await tenant.DeliveryAsync(
            await tenant.DeliveryIdAsync(posted.Id, created.Text("id")), "delivered")).Number("attempt_count").ShouldBe(1);
    }

    private static IEnumerable<string> Blocks(string language) => CodeBlocks.Of("README.md", language);

    /// <summary>Runs a command as pasted into a shell in the directory that the server was started in.</summary>
    private async Task<string> PasteAsync(string command)
    {
        command.ShouldContain("http://127.0.0.1:3000/");
        using var shell = Process.Start(new ProcessStartInfo(
            "bash", ["-c", command.Replace("http://127.0.0.1:3000/", _shared.Server.Address.ToString(), StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        })!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        shell.ExitCode.ShouldBe(0, await errors);
        return output;
    }
}
