using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>
/// One server with a schedule of seconds and one receiver for all tests that do not stop, kill or configure theirs; each
/// test works in a tenant of its own.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    public const string Schedule = "0s,1s,1s,1s,1s";

    internal ServerProcess Server { get; private set; } = null!;

    internal Receiver Receiver { get; private set; } = null!;

    internal ApiClient Admin => new(Server.Http, Server.AdminToken);

    public async ValueTask InitializeAsync()
    {
        Receiver = await Receiver.StartAsync();
        Server = await ServerProcess.StartAsync(("HOOKSTREAM_RETRY_SCHEDULE", Schedule));
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    internal Task<TenantApi> NewTenantAsync() => TenantApi.CreateAsync(Server.Http, Server.AdminToken);
}
