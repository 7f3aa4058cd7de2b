using System.Security.Cryptography;
using System.Text;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Configuration;

/// <summary>What a server says when it cannot start, and what it leaves on disk.</summary>
public sealed class StartTests
{
    private const int ConfigurationError = 78;

    [Fact]
    public async Task Bad_settings_are_reported_together_with_what_is_accepted()
    {
        await using var server = new ServerProcess();

        var (exitCode, output) = await server.RunToEndAsync(
            ("HOOKSTREAM_RETRY_SCHEDULE", "soon"),
            ("WORKER_CONCURRENCY", "many"),
            ("DELIVERY_TIMEOUT_MS", "5"),
            ("HOOKSTREAM_VERIFICATION", "maybe"),
            ("LOG_LEVEL", "loud"));

        exitCode.ShouldBe(ConfigurationError, output);
        output.ShouldContain("HOOKSTREAM_RETRY_SCHEDULE");
        output.ShouldContain("soon");
        output.ShouldContain("WORKER_CONCURRENCY");
        output.ShouldContain("DELIVERY_TIMEOUT_MS");
        output.ShouldContain("HOOKSTREAM_VERIFICATION");
        output.ShouldContain("required");
        output.ShouldContain("LOG_LEVEL");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Settings_file_that_is_no_json_is_reported_with_everything_else()
    {
        await using var server = new ServerProcess();
        await File.WriteAllTextAsync(
            Path.Combine(server.DataDirectory, "appsettings.json"), "{ Hookstream", TestContext.Current.CancellationToken);

        var (exitCode, output) = await server.RunToEndAsync(("LOG_LEVEL", "loud"));

        exitCode.ShouldBe(ConfigurationError, output);
        output.ShouldContain("appsettings.json");
        output.ShouldContain("LOG_LEVEL");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Address_of_another_machine_is_refused_with_what_to_change()
    {
        await using var server = new ServerProcess();

        // An address of the block for documentation (RFC 5737), which no machine has.
        var (exitCode, output) = await server.RunToEndAsync(("HOOKSTREAM_HOST", "203.0.113.1"));

        exitCode.ShouldBe(1, output);
        output.ShouldContain("error: cannot listen on 203.0.113.1");
        output.ShouldContain("HOOKSTREAM_HOST");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Port_in_use_is_refused_in_one_line()
    {
        await using var other = await ServerProcess.StartAsync();
        await using var server = new ServerProcess();

        var (exitCode, output) = await server.RunToEndAsync(("PORT", $"{other.Port}"));

        exitCode.ShouldBe(1, output);
        output.ShouldContain($"error: port {other.Port} is in use; stop what listens there, or set PORT to another one");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Encryption_key_that_is_empty_is_to_be_restored_not_made_anew()
    {
        await using var server = new ServerProcess();
        await File.WriteAllTextAsync(
            Path.Combine(server.DataDirectory, "encryption-key"), "", TestContext.Current.CancellationToken);

        var (exitCode, output) = await server.RunToEndAsync();

        exitCode.ShouldBe(1, output);
        output.ShouldContain("restore it from a backup");
        output.ShouldNotContain("delete it");
    }

    [Fact]
    public async Task Store_that_is_no_database_is_refused_in_one_line()
    {
        await using var server = new ServerProcess();
        var path = Path.Combine(server.DataDirectory, "hookstream.db");
        await File.WriteAllTextAsync(path, new string('x', 10_000), TestContext.Current.CancellationToken);

        var (exitCode, output) = await server.RunToEndAsync();

        exitCode.ShouldBe(1, output);
        output.ShouldContain($"error: {path}");
        output.ShouldContain("backup");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Data_directory_in_use_and_wrong_encryption_key_are_refused_and_secrets_are_not_in_clear_on_disk()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var subscription = await tenant.SubscribeAsync(receiver.NewEndpoint());

        var (inUse, inUseOutput) = await server.RunToEndAsync(("PORT", $"{FreePort.Find()}"));
        inUse.ShouldNotBe(0);
        inUseOutput.ShouldContain(server.DataDirectory);
        inUseOutput.ShouldNotContain("   at ");

        (await server.StopAsync()).ShouldBe(0);
        var otherKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var (wrongKey, wrongKeyOutput) = await server.RunToEndAsync(("HOOKSTREAM_ENCRYPTION_KEY", otherKey));
        wrongKey.ShouldBe(ConfigurationError, wrongKeyOutput);
        wrongKeyOutput.ShouldContain("HOOKSTREAM_ENCRYPTION_KEY");
        wrongKeyOutput.ShouldNotContain(otherKey);

        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(subscription.Secret["whsec_".Length..]),
            Convert.FromBase64String(subscription.Secret["whsec_".Length..]),
            Encoding.UTF8.GetBytes(tenant.Key),
        ];
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            foreach (var secret in secrets)
                bytes.AsSpan().IndexOf(secret).ShouldBe(-1, $"a secret is in clear in {Path.GetFileName(file)}");
        }

        await server.StartAgainAsync();
        await tenant.PostAsync("order.paid");
        (await subscription.Endpoint.WaitForAsync(1))[0].ShouldBeSignedBy(subscription.Secret);
    }
}
