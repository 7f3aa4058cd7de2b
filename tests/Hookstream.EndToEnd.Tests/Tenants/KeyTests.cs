using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Tenants;

public class KeyTests(SharedServer shared)
{
    [Theory]
    [InlineData("read", 403, 200, 403)]
    [InlineData("events:write", 202, 403, 403)]
    [InlineData("manage", 403, 403, 201)]
    public async Task Key_can_do_what_its_scope_says_and_nothing_else(string scope, int post, int read, int manage)
    {
        var tenant = await shared.NewTenantAsync();
        var (_, api) = await NewKeyAsync(tenant, scope);

        Check(await api.PostAsync("/api/v1/events", """{"type":"order.paid","payload":{}}"""), post);
        Check(await api.GetAsync("/api/v1/events"), read);
        Check(await api.PostAsync("/api/v1/keys", new { name = "another" }), manage);

        static void Check(ApiAnswer answer, int status)
        {
            if (status == 403)
                answer.ShouldBeProblem(403, "forbidden");
            else
                answer.Data(status);
        }
    }

    [Fact]
    public async Task Key_is_shown_once_and_works_until_it_is_revoked()
    {
        var tenant = await shared.NewTenantAsync();
        var created = (await tenant.Api.PostAsync("/api/v1/keys", new { name = "ci", scopes = TenantApi.AllScopes })).Data(201);
        var key = created.Text("key");
        var api = new ApiClient(shared.Server.Http, key);
        key.ShouldStartWith(created.Text("prefix"));
        (await api.GetAsync("/api/v1/events")).Data();

        var listed = await tenant.Api.GetAsync("/api/v1/keys");
        listed.Text.ShouldNotContain(key);
        listed.Data().EnumerateArray().Select(item => item.Text("id")).ShouldContain(created.Text("id"));
        (await tenant.Api.DeleteAsync($"/api/v1/keys/{created.Text("id")}")).ShouldHaveStatus(204);

        (await api.GetAsync("/api/v1/events")).ShouldBeProblem(401, "unauthorized");
        (await tenant.Api.DeleteAsync($"/api/v1/keys/{created.Text("id")}")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task Key_stops_working_when_it_expires()
    {
        var tenant = await shared.NewTenantAsync();
        var expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(4);
        var created = (await tenant.Api.PostAsync("/api/v1/keys", new { name = "short", expires_at = expiresAt })).Data(201);
        var api = new ApiClient(shared.Server.Http, created.Text("key"));

        var asked = expiresAt;
        await Eventually.TrueAsync(
            async () =>
            {
                asked = TimeProvider.System.GetUtcNow();
                if ((await api.GetAsync("/api/v1/events")).Status == 401)
                    return true;
                asked.ShouldBeLessThan(expiresAt.AddMilliseconds(50), "nobody is let in who asks later");
                return false;
            },
            () => "the key to expire");

        TimeProvider.System.GetUtcNow().ShouldBeGreaterThanOrEqualTo(expiresAt.AddMilliseconds(-50));
    }

    [Fact]
    public async Task Key_of_a_tenant_cannot_call_the_operators_routes()
    {
        var tenant = await shared.NewTenantAsync();

        (await tenant.Api.GetAsync("/api/v1/tenants")).Status.ShouldBeOneOf(401, 403);
        (await tenant.Api.PostAsync("/api/v1/tenants", new { name = "mine" })).Status.ShouldBeOneOf(401, 403);
        (await tenant.Api.DeleteAsync($"/api/v1/tenants/{tenant.Id}")).Status.ShouldBeOneOf(401, 403);
    }

    private async Task<(string Id, ApiClient Api)> NewKeyAsync(TenantApi tenant, string scope)
    {
        var created = (await tenant.Api.PostAsync("/api/v1/keys", new { name = scope, scopes = new[] { scope } })).Data(201);
        return (created.Text("id"), new ApiClient(shared.Server.Http, created.Text("key")));
    }
}
