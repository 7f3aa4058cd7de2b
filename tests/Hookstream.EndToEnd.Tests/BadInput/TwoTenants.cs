using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>Two tenants, each with a subscriber, an event, a delivery and a key, on a server of their own.</summary>
public class TwoTenants : IAsyncLifetime
{
    /// <summary>Well-formed, and of nothing.</summary>
    private const string MissingSuffix = "01h455vb4pex5vsknk084sn02q";

    private Receiver _receiver = null!;

    internal ServerProcess Server { get; private set; } = null!;

    internal TenantApi Own { get; private set; } = null!;

    internal TenantApi Other { get; private set; } = null!;

    internal ApiClient Admin { get; private set; } = null!;

    internal ApiClient Anonymous { get; private set; } = null!;

    /// <summary>Where the other tenant's deliveries arrive; one has.</summary>
    internal Endpoint OtherEndpoint { get; private set; } = null!;

    /// <summary>Ids by their prefix.</summary>
    internal IReadOnlyDictionary<string, string> OwnIds { get; private set; } = null!;

    internal IReadOnlyDictionary<string, string> OtherIds { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        Server = await StartServerAsync();
        Admin = new ApiClient(Server.Http, Server.AdminToken);
        Anonymous = new ApiClient(Server.Http, null);
        Own = await TenantApi.CreateAsync(Server.Http, Server.AdminToken, "own");
        Other = await TenantApi.CreateAsync(Server.Http, Server.AdminToken, "other");
        OtherEndpoint = _receiver.NewEndpoint("other");
        OwnIds = await FillAsync(Own, _receiver.NewEndpoint("own"));
        OtherIds = await FillAsync(Other, OtherEndpoint);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Server is not null)
            await Server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private protected virtual Task<ServerProcess> StartServerAsync() => ServerProcess.StartAsync();

    internal static string MissingId(string prefix) => $"{prefix}_{MissingSuffix}";

    /// <summary>The call's path with its own ids, but for the one at <paramref name="position"/>.</summary>
    internal string PathOf(Call call, int position = -1, string? id = null) => string.Join(
        '/',
        call.Path.Split('/').Select((segment, index) => segment.StartsWith('{')
            ? IndexOfId(call, index) == position ? id : OwnIds[segment.Trim('{', '}')]
            : segment));

    internal ApiClient ClientOf(Call call) => call.Operator ? Admin : Own.Api;

    private static int IndexOfId(Call call, int segment) =>
        call.Path.Split('/').Take(segment).Count(earlier => earlier.StartsWith('{'));

    private static async Task<IReadOnlyDictionary<string, string>> FillAsync(TenantApi tenant, Endpoint endpoint)
    {
        var subscription = await tenant.SubscribeAsync(endpoint);
        var posted = await tenant.PostAsync("order.paid");
        var delivery = (await endpoint.WaitForAsync(1))[0].DeliveryId;
        await tenant.DeliveryAsync(delivery, "delivered");
        var key = (await tenant.Api.PostAsync("/api/v1/keys", """{"name":"spare"}""")).Data(201).Text("id");
        return new Dictionary<string, string>
        {
            ["ten"] = tenant.Id,
            ["sub"] = subscription.Id,
            ["evt"] = posted.Id,
            ["dlv"] = delivery,
            ["key"] = key,
        };
    }
}
