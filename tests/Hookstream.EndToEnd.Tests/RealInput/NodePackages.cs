using System.Diagnostics;
using System.Text.Json;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.RealInput;

/// <summary>The npm packages that the tests verify with and take payloads from.</summary>
internal static class NodePackages
{
    private static string Modules => Path.Combine(Repository.NodeDirectory, "node_modules");

    /// <summary>Skips where the packages are not installed; in CI that is a failure.</summary>
    public static void Require()
    {
        if (Directory.Exists(Path.Combine(Modules, "svix")))
            return;
        const string Reason = "the npm packages are not installed: run 'npm ci' in tests/Hookstream.EndToEnd.Tests/node";
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            Assert.Fail(Reason);
        Assert.Skip(Reason);
    }

    /// <summary>Example payloads of GitHub's webhooks: event type and the payload's bytes as they are in the package.</summary>
    public static IReadOnlyList<(string Type, byte[] Payload)> GitHubExamples()
    {
        var path = Path.Combine(Modules, "@octokit", "webhooks-examples", "api.github.com", "index.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return
        [
            .. from webhook in document.RootElement.EnumerateArray()
               from example in webhook.GetProperty("examples").EnumerateArray()
               select (
                   "github." + webhook.GetProperty("name").GetString(),
                   System.Text.Encoding.UTF8.GetBytes(example.GetRawText())),
        ];
    }

    /// <summary>Runs the verifiers of standardwebhooks, svix and the documented snippet over what arrived.</summary>
    /// <returns>Exit code and what was printed.</returns>
    public static async Task<(int ExitCode, string Output)> VerifyAsync(
        IEnumerable<ReceivedRequest> requests, string secret)
    {
        var start = new ProcessStartInfo("node", ["verify.mjs"])
        {
            WorkingDirectory = Repository.NodeDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            foreach (var request in requests)
                await node.StandardInput.WriteLineAsync(Line(request, secret));
            node.StandardInput.Close();
        }
        catch (IOException)
        {
            // It gave up on one of them and closed its end; exit code and stderr say on which.
        }

        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, await output + await errors);
    }

    private static string Line(ReceivedRequest request, string secret) => JsonSerializer.Serialize(new
    {
        secret,
        headers = request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
        body = Convert.ToBase64String(request.Body),
    });
}
