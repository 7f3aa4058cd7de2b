using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Secrets;

/// <summary>
/// A whole run, and then a search of all that was logged, answered and stored for the signing secrets, keys, headers and
/// encryption keys that were in it.
/// </summary>
public class SecretScanTests
{
    [Fact]
    public async Task No_secret_is_in_clear_in_any_log_line_answer_or_file()
    {
        var scan = await RunAsync(plant: false);

        scan.Findings.ShouldBeEmpty();
        scan.Searched.ShouldBeGreaterThan(100_000, "the search has looked at next to nothing");
    }

    [Fact]
    public async Task Secrets_that_are_planted_are_found_in_the_log_an_answer_and_the_store()
    {
        var scan = await RunAsync(plant: true);

        scan.Findings.ShouldContain("the tenant's key in the log");
        scan.Findings.ShouldContain("the tenant's key in the answer to POST /api/v1/events");
        scan.Findings.ShouldContain(finding => finding.StartsWith("the Authorization header in " + Store, StringComparison.Ordinal));
    }

    private protected virtual string Store => "the file hookstream.db";

    private protected virtual Task<(string Name, string Value)[]> NewSettingsAsync() => Task.FromResult<(string, string)[]>([]);

    /// <summary>Looks through what the store holds, and whatever else the deployment has.</summary>
    private protected virtual Task LookAtStoreAsync(SecretScan scan, ServerProcess server)
    {
        scan.LookAtFiles(server.DataDirectory, "api-token", "admin-token", "encryption-key");
        return Task.CompletedTask;
    }

    private protected virtual string EncryptionKeyOf(ServerProcess server) =>
        File.ReadAllText(Path.Combine(server.DataDirectory, "encryption-key")).Trim();

    private async Task<SecretScan> RunAsync(bool plant)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(
            [.. await NewSettingsAsync(), ("LOG_LEVEL", "trace"), ("HOOKSTREAM_RETRY_SCHEDULE", SharedServer.Schedule)]);
        var run = new SecretRun(server, receiver);
        run.Needles.AddKey("the encryption key", EncryptionKeyOf(server));
        await run.MakeAsync(plant);
        (await server.StopAsync()).ShouldBe(0);
        var scan = run.Scan();
        await LookAtStoreAsync(scan, server);
        return scan;
    }
}
