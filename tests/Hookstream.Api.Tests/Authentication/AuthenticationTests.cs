using System.Text;

namespace Hookstream.Api.Tests.Authentication;

public sealed class AuthenticationTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Events = "/api/v1/events";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer hk_wrong")]
    [InlineData("Basic dTpw")]
    public async Task Missing_or_wrong_key_is_refused(string? header)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var request = new HttpRequestMessage(method, Events);
            if (header is not null)
                request.Headers.TryAddWithoutValidation("Authorization", header);

            var answer = await server.SendAsync(request);

            answer.ShouldFail(401, "unauthorized");
            answer.Headers["WWW-Authenticate"].ShouldBe("Bearer");
        }
    }

    [Theory]
    [InlineData("POST", Events, "events:write")]
    [InlineData("POST", Events + "/batch", "events:write")]
    [InlineData("GET", Events, "read")]
    [InlineData("GET", "/api/v1/subscribers", "read")]
    [InlineData("GET", "/api/v1/dead-letter", "read")]
    [InlineData("POST", "/api/v1/subscribers", "manage")]
    [InlineData("POST", "/api/v1/deliveries/replay", "manage")]
    [InlineData("POST", "/api/v1/keys", "manage")]
    public async Task Scope_that_is_missing_is_named(string method, string path, string scope)
    {
        var all = new Dictionary<string, KeyScopes>
        {
            ["events:write"] = KeyScopes.EventsWrite, ["read"] = KeyScopes.Read, ["manage"] = KeyScopes.Manage,
        };
        var without = server.Tenants.AddKey(server.Tenant, KeyScopes.All & ~all[scope]);
        var with = server.Tenants.AddKey(server.Tenant, all[scope]);

        var refused = await server.SendAsync(new HttpMethod(method), path, "{}", without);
        var allowed = await server.SendAsync(new HttpMethod(method), path, "{}", with);

        refused.ShouldFail(403, "forbidden");
        refused.Detail.ShouldContain($"'{scope}'");
        allowed.Status.ShouldBeOneOf(200, 400);
    }

    [Fact]
    public async Task Admin_token_acts_as_the_tenant_that_it_names()
    {
        foreach (var name in (string[])[server.Tenant.Id.ToString(), "acme"])
        {
            var request = server.Request(
                HttpMethod.Post, Events, ApiServer.Json("""{"type":"a","payload":{}}"""u8.ToArray()), ApiServer.AdminToken);
            request.Headers.Add("X-Hookstream-Tenant", name);

            (await server.SendAsync(request)).Status.ShouldBe(202);
            server.Events.Appended[^1].Tenant.ShouldBe(server.Tenant.Id);
        }
    }

    [Theory]
    [InlineData(null, 400, "validation_failed")]
    [InlineData("nobody", 404, "not_found")]
    [InlineData("ten_01h455vb4pex5vsknk084sn02q", 404, "not_found")]
    public async Task Admin_token_must_name_a_tenant_on_a_tenants_calls(string? name, int status, string code)
    {
        var request = server.Request(HttpMethod.Get, Events, null, ApiServer.AdminToken);
        if (name is not null)
            request.Headers.Add("X-Hookstream-Tenant", name);

        var answer = await server.SendAsync(request);

        answer.ShouldFail(status, code);
        answer.Detail.ShouldContain("X-Hookstream-Tenant");
    }

    [Fact]
    public async Task Tenants_key_cannot_act_as_another_tenant()
    {
        var other = server.Tenants.Add("other", "other");
        var request = server.Request(HttpMethod.Get, Events);
        request.Headers.Add("X-Hookstream-Tenant", other.Id.ToString());

        (await server.SendAsync(request)).ShouldFail(403, "forbidden");
    }

    [Fact]
    public async Task Tenants_key_is_refused_on_the_operators_calls() =>
        (await server.GetAsync("/api/v1/tenants")).ShouldFail(403, "forbidden");

    [Fact]
    public async Task Suspended_tenant_is_refused_until_it_is_lifted()
    {
        var tenant = server.Tenants.Add("late payer");
        var key = server.Tenants.AddKey(tenant);
        var path = $"/api/v1/tenants/{tenant.Id}";

        await server.SendAsync(HttpMethod.Patch, path, """{"suspended":true}""", ApiServer.AdminToken);
        (await server.PostAsync(Events, """{"type":"a","payload":{}}""", key)).ShouldFail(403, "tenant_suspended");
        (await server.GetAsync(Events, key)).ShouldFail(403, "tenant_suspended");

        await server.SendAsync(HttpMethod.Patch, path, """{"suspended":false}""", ApiServer.AdminToken);
        (await server.GetAsync(Events, key)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Key_cannot_be_given_scopes_that_its_maker_lacks()
    {
        var manager = server.Tenants.AddKey(server.Tenant, KeyScopes.Manage);

        var refused = await server.PostAsync("/api/v1/keys", """{"name":"n","scopes":["read"]}""", manager);
        var made = await server.PostAsync("/api/v1/keys", """{"name":"n"}""", manager);

        refused.ShouldFail(403, "forbidden");
        made.Status.ShouldBe(201);
        made.Data.GetProperty("scopes").GetRawText().ShouldBe("""["manage"]""");
    }

    [Fact]
    public async Task Key_is_shown_once_works_and_can_be_revoked()
    {
        var made = await server.PostAsync("/api/v1/keys", """{"name":"ci","scopes":["read","manage"],"expires_at":"2030-01-01T00:00:00Z"}""");
        made.Status.ShouldBe(201, made.Text);
        var key = made.Data.GetProperty("key").GetString()!;
        key.ShouldStartWith(made.Data.GetProperty("prefix").GetString()!);

        var listed = await server.GetAsync("/api/v1/keys", key);
        listed.Text.ShouldContain(made.Id);
        listed.Text.ShouldNotContain(key);

        (await server.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{made.Id}", null)).Status.ShouldBe(204);
        (await server.GetAsync("/api/v1/keys", key)).ShouldFail(401, "unauthorized");
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":"a\u0000"}""", "name")]
    [InlineData("""{"name":"a","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"a","scopes":"read"}""", "scopes")]
    [InlineData("""{"name":"a","scopes":["write"]}""", "scopes")]
    [InlineData("""{"name":"a","expires_at":"2020-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"name":7,"scope":[],"expires_at":1}""", "scope,name,expires_at")]
    public async Task Key_is_validated(string body, string fields)
    {
        var answer = await server.PostAsync("/api/v1/keys", body);

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
        Encoding.UTF8.GetByteCount(answer.Text).ShouldBeLessThan(2000);
    }
}
