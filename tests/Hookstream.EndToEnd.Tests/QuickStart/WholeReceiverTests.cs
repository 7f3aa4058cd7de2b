using System.Diagnostics;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.QuickStart;

/// <summary>The receiver of docs/receiving-webhooks.md, run as it is printed there but for its port.</summary>
public sealed class WholeReceiverTests(SharedServer shared) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hookstream-receiver-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Receiver_works_once_on_what_comes_twice_and_fails_nothing_while_its_secret_is_replaced()
    {
        if (ServerPrograms.Find("python3") is not { } python)
        {
            MissingServer.Report("python3 is missing (Debian: apt-get install python3)");
            return;
        }

        var port = FreePort.Find();
        var tenant = await shared.NewTenantAsync();
        var created = (await tenant.Api.PostAsync(
            "/api/v1/subscribers", new { url = $"http://127.0.0.1:{port}/webhooks", events = new[] { "order.*" } })).Data(201);
        var one = $"/api/v1/subscribers/{created.Text("id")}";
        await using var receiver = await StartAsync(python, port, $"whsec_{new string('A', 32)},{created.Text("secret")}");
        await Eventually.TrueAsync(
            async () => (await tenant.Api.PostAsync($"{one}/verify")).Status == 200,
            () => $"the receiver to answer the challenge; it wrote\n{receiver.Output.Tail()}");

        var twice = await tenant.PostAsync("order.paid", """{"total":4200}""");
        var delivery = await tenant.DeliveryIdAsync(twice.Id, created.Text("id"));
        await tenant.DeliveryAsync(delivery, "delivered");
        (await tenant.Api.PostAsync($"/api/v1/deliveries/{delivery}/replay")).ShouldHaveStatus(202);
        await Eventually.TrueAsync(
            async () => (await tenant.DeliveryAsync(delivery, "delivered")).Number("attempt_count") == 2,
            () => "the replay to be delivered");
        (await tenant.Api.PostAsync($"{one}/rotate-secret")).ShouldHaveStatus(200);
        var later = await tenant.PostAsync("order.paid");
        await receiver.Output.WaitForAsync($"work on {later.Id}");

        receiver.Output.Since(0).Count(line => line.StartsWith($"work on {twice.Id} ", StringComparison.Ordinal)).ShouldBe(1);
        (await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(later.Id, created.Text("id")), "delivered"))
            .Number("attempt_count").ShouldBe(1);
        using var forged = new StringContent("""{"type":"order.paid"}""");
        using var refused = await shared.Server.Http.PostAsync(
            new Uri($"http://127.0.0.1:{port}/webhooks"), forged, TestContext.Current.CancellationToken);
        ((int)refused.StatusCode).ShouldBe(401);
    }

    private async Task<RunningCommand> StartAsync(string python, int port, string secrets)
    {
        var script = Path.Combine(_directory, "receiver.py");
        var printed = CodeBlocks.Of("docs/receiving-webhooks.md", "python").Single();
        await File.WriteAllTextAsync(
            script, printed.Replace("8080", $"{port}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(python, [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        };
        start.Environment["SECRETS"] = secrets;
        return new RunningCommand(start);
    }
}
