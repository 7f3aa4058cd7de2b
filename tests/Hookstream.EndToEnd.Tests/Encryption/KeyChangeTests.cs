using System.Security.Cryptography;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Encryption;

/// <summary>The change of an encryption key as docs/operations/running.md has it, with the server running while everything is encrypted anew.</summary>
public sealed class KeyChangeTests(PostgresSharedServer postgres)
{
    [Fact]
    public async Task Embedded_server_delivers_after_the_old_line_was_taken_out_of_the_key_file()
    {
        await using var server = await ServerProcess.StartAsync();
        var file = Path.Combine(server.DataDirectory, "encryption-key");
        var old = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var made = NewKey() + "\n";

        await ChangeAsync(
            server,
            [],
            () => File.WriteAllTextAsync(file, made + old, TestContext.Current.CancellationToken),
            () => File.WriteAllTextAsync(file, made, TestContext.Current.CancellationToken));

        await File.WriteAllTextAsync(file, old, TestContext.Current.CancellationToken);
        await server.StopAsync();
        var (exitCode, output) = await server.RunToEndAsync();
        exitCode.ShouldBe(78, "the old key opens nothing any more: " + output);
    }

    [Fact]
    public async Task Server_on_PostgreSQL_delivers_after_the_old_key_was_taken_out_of_the_setting()
    {
        const string Setting = "HOOKSTREAM_ENCRYPTION_KEY";
        var settings = await postgres.NewSettingsAsync();
        var old = settings.Single(setting => setting.Name == Setting).Value;
        var admin = settings.Single(setting => setting.Name == "HOOKSTREAM_ADMIN_TOKEN");
        var made = NewKey();
        await using var server = await ServerProcess.StartAsync(settings);
        (string, string)[] changed = [];

        await ChangeAsync(
            server,
            [admin],
            () => Task.FromResult(changed = [(Setting, $"{made},{old}")]),
            () => Task.FromResult(changed = [(Setting, made)]),
            () => changed);
    }

    private static async Task ChangeAsync(
        ServerProcess server,
        (string, string)[] forCommands,
        Func<Task> addNew,
        Func<Task> removeOld,
        Func<(string, string)[]>? changed = null)
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var subscription = await tenant.SubscribeAsync(
            receiver.NewEndpoint(), settings: new { headers = new { Authorization = "Bearer kept" } });
        var rotation = (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/rotate-secret")).Data();

        await server.StopAsync();
        await addNew();
        await server.StartAgainAsync(changed?.Invoke() ?? []);
        var (exitCode, output) = await server.RunToEndAsync(["encryption", "rotate"], forCommands);
        exitCode.ShouldBe(0, output);
        // Both secrets and the headers of the one subscriber, and the canary.
        output.ShouldContain("4 record(s) encrypted anew");
        (await server.RunToEndAsync(["encryption", "rotate"], forCommands)).Output.ShouldContain("0 record(s)");

        await server.StopAsync();
        await removeOld();
        await server.StartAgainAsync(changed?.Invoke() ?? []);
        await tenant.PostAsync("order.paid");
        var request = (await subscription.Endpoint.WaitForAsync(1))[0];
        request.Header("Authorization").ShouldBe("Bearer kept");
        request.PassesTheSnippet(subscription.Secret).ShouldBeTrue();
        request.PassesALibrary(rotation.Text("secret")).ShouldBeTrue();
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
