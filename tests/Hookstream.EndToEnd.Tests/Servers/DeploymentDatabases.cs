using System.Security.Cryptography;
using Hookstream.TestServers.Postgres;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>Databases that <c>hookstream migrate</c> has made ready, and the settings that a server needs for one.</summary>
public sealed class DeploymentDatabases : PostgresDatabases
{
    /// <summary>The settings of a deployment with a database of its own, which goes with the last test.</summary>
    internal async Task<(string Name, string Value)[]> NewSettingsAsync() => SettingsOf((await CreateAsync()).Url);

    internal static (string Name, string Value)[] SettingsOf(string url) =>
    [
        ("DATABASE_URL", url),
        ("HOOKSTREAM_ENCRYPTION_KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ("API_TOKEN", $"api-{Guid.NewGuid():N}"),
        ("HOOKSTREAM_ADMIN_TOKEN", $"admin-{Guid.NewGuid():N}"),
    ];

    protected override async Task MigrateAsync(string url)
    {
        await using var program = new ServerProcess();
        var (exitCode, output) = await program.RunToEndAsync(["migrate"], ("DATABASE_URL", url));
        exitCode.ShouldBe(0, output);
    }
}
