using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>
/// One server with a schedule of seconds and one receiver for all tests that do not stop, kill or configure theirs; each
/// test works in a tenant of its own.
/// </summary>
public class SharedServer : IAsyncLifetime
{
    public const string Schedule = "0s,1s,1s,1s,1s";

    /// <summary>What it is told; the zone is none that a time could be right in by accident.</summary>
    private protected static readonly (string Name, string Value)[] Settings =
        [("HOOKSTREAM_RETRY_SCHEDULE", Schedule), ("TZ", "Australia/Lord_Howe")];

    private ServerProcess? _server;

    internal ServerProcess Server => _server ?? throw NotThere();

    internal Receiver Receiver { get; private set; } = null!;

    internal ApiClient Admin => new(Server.Http, Server.AdminToken);

    public async ValueTask InitializeAsync()
    {
        Receiver = await Receiver.StartAsync();
        _server = await StartServerAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
            await _server.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>Null where this machine cannot run such a deployment.</summary>
    private protected virtual async Task<ServerProcess?> StartServerAsync() =>
        await ServerProcess.StartAsync(Settings);

    /// <summary>Why the running test has no server.</summary>
    private protected virtual Exception NotThere() => new InvalidOperationException("the fixture is not initialized");

    internal Task<TenantApi> NewTenantAsync() => TenantApi.CreateAsync(Server.Http, Server.AdminToken);
}
