using Hookstream.EndToEnd.Tests.BadInput;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgresTwoTenants(PostgresSharedServer shared) : TwoTenants
{
    private protected override async Task<ServerProcess> StartServerAsync() =>
        await ServerProcess.StartAsync(await shared.Databases.NewSettingsAsync());
}
