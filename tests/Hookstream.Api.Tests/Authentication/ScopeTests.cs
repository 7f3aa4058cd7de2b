using Hookstream.Api.Routing;

namespace Hookstream.Api.Tests.Authentication;

/// <summary>Which key may make which call, for every call there is.</summary>
public sealed class ScopeTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Public = "public";
    private const string Admin = "admin";
    private const string Write = "events:write";
    private const string Read = "read";
    private const string Manage = "manage";

    private static readonly Dictionary<string, KeyScopes> Scopes = new()
    {
        [Write] = KeyScopes.EventsWrite, [Read] = KeyScopes.Read, [Manage] = KeyScopes.Manage,
    };

    private static readonly (string Call, string Needs)[] Expected =
    [
        ("GET /health", Public),
        ("GET /health/live", Public),
        ("GET /health/ready", Public),
        ("POST /api/v1/events", Write),
        ("POST /api/v1/events/batch", Write),
        ("GET /api/v1/events", Read),
        ("GET /api/v1/events/{id}", Read),
        ("POST /api/v1/events/{id}/replay", Manage),
        ("POST /api/v1/subscribers", Manage),
        ("GET /api/v1/subscribers", Read),
        ("GET /api/v1/subscribers/{id}", Read),
        ("PATCH /api/v1/subscribers/{id}", Manage),
        ("DELETE /api/v1/subscribers/{id}", Manage),
        ("PATCH /api/v1/subscribers/{id}/pause", Manage),
        ("POST /api/v1/subscribers/{id}/reset-circuit", Manage),
        ("PATCH /api/v1/subscribers/{id}/resume", Manage),
        ("POST /api/v1/subscribers/{id}/verify", Manage),
        ("POST /api/v1/subscribers/{id}/test", Manage),
        ("POST /api/v1/subscribers/{id}/rotate-secret", Manage),
        ("DELETE /api/v1/subscribers/{id}/previous-secret", Manage),
        ("POST /api/v1/subscribers/{id}/recover", Manage),
        ("GET /api/v1/stats", Read),
        ("GET /api/v1/subscribers/{id}/stats", Read),
        ("GET /api/v1/deliveries", Read),
        ("GET /api/v1/deliveries/{id}", Read),
        ("POST /api/v1/deliveries/{id}/replay", Manage),
        ("POST /api/v1/deliveries/{id}/cancel", Manage),
        ("POST /api/v1/deliveries/replay", Manage),
        ("POST /api/v1/deliveries/diagnose", Manage),
        ("GET /api/v1/dead-letter", Read),
        ("POST /api/v1/keys", Manage),
        ("GET /api/v1/keys", Read),
        ("DELETE /api/v1/keys/{id}", Manage),
        ("POST /api/v1/tenants", Admin),
        ("GET /api/v1/tenants", Admin),
        ("GET /api/v1/tenants/{id}", Admin),
        ("PATCH /api/v1/tenants/{id}", Admin),
        ("DELETE /api/v1/tenants/{id}", Admin),
        ("POST /api/v1/tenants/{id}/keys", Admin),
        ("GET /api/v1/tenants/{id}/keys", Admin),
        ("DELETE /api/v1/tenants/{id}/keys/{key_id}", Admin),
        ("POST /api/v1/encryption/rotate", Admin),
    ];

    public static TheoryData<string, string> Calls()
    {
        var data = new TheoryData<string, string>();
        foreach (var (call, needs) in Expected)
            data.Add(call, needs);
        return data;
    }

    [Fact]
    public void Table_has_every_call() =>
        server.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ApiOperation>()).OfType<ApiOperation>()
            .Select(operation => $"{operation.Method} {operation.Pattern}").Distinct().Order()
            .ShouldBe(Expected.Select(row => row.Call).Order());

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_is_made_by_whom_the_table_says_and_by_nobody_else(string call, string needs)
    {
        var nobody = await SendAsync(call, "hk_nobody");
        var everything = await SendAsync(call, server.Key);
        if (needs == Public)
        {
            nobody.Status.ShouldBe(200);
            return;
        }

        nobody.ShouldFail(401, "unauthorized");
        if (needs == Admin)
        {
            everything.ShouldFail(403, "forbidden");
            MayBeMade(await SendAsync(call, ApiServer.AdminToken));
            return;
        }

        var rest = await SendAsync(call, server.Tenants.AddKey(server.Tenant, KeyScopes.All & ~Scopes[needs]));
        rest.ShouldFail(403, "forbidden");
        rest.Detail.ShouldContain($"'{needs}'");
        MayBeMade(everything);
        MayBeMade(await SendAsync(call, server.Tenants.AddKey(server.Tenant, Scopes[needs])));
    }

    private static void MayBeMade(Answered answer) => answer.Status.ShouldNotBeOneOf(401, 403, 405);

    private Task<Answered> SendAsync(string call, string key)
    {
        var (method, pattern) = (call.Split(' ')[0], call.Split(' ')[1]);
        var path = pattern.Replace("{id}", "x", StringComparison.Ordinal).Replace("{key_id}", "x", StringComparison.Ordinal);
        return server.SendAsync(new HttpMethod(method), path, method is "GET" or "DELETE" ? null : "{}", key);
    }
}
