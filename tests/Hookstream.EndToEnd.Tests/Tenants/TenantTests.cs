using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Tenants;

public class TenantTests(SharedServer shared)
{
    [Fact]
    public async Task Suspended_tenant_is_refused_until_it_is_active_again()
    {
        var tenant = await shared.NewTenantAsync();
        (await tenant.Api.GetAsync("/api/v1/events")).Data();

        (await shared.Admin.PatchAsync($"/api/v1/tenants/{tenant.Id}", """{"suspended":true}""")).Data()
            .GetProperty("suspended").GetBoolean().ShouldBeTrue();

        (await tenant.Api.GetAsync("/api/v1/events")).ShouldBeProblem(403, "tenant_suspended");
        (await tenant.Api.PostAsync("/api/v1/events", """{"type":"order.paid","payload":{}}"""))
            .ShouldBeProblem(403, "tenant_suspended");
        (await shared.Admin.PatchAsync($"/api/v1/tenants/{tenant.Id}", """{"suspended":false}""")).Data();
        (await tenant.Api.GetAsync("/api/v1/events")).Data();
    }

    [Fact]
    public async Task Deleted_tenant_is_gone_with_its_keys()
    {
        var tenant = await shared.NewTenantAsync();

        (await shared.Admin.DeleteAsync($"/api/v1/tenants/{tenant.Id}")).ShouldHaveStatus(204);

        (await tenant.Api.GetAsync("/api/v1/events")).ShouldBeProblem(401, "unauthorized");
        (await shared.Admin.GetAsync($"/api/v1/tenants/{tenant.Id}")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task Operator_acts_for_a_tenant_by_id_and_by_external_id()
    {
        var externalId = $"customer-{Guid.NewGuid():N}";
        var created = (await shared.Admin.PostAsync(
            "/api/v1/tenants", new { name = "Customer", external_id = externalId, metadata = new { plan = "pro" } })).Data(201);
        var id = created.Text("id");
        created.Text("external_id").ShouldBe(externalId);
        created.GetProperty("metadata").GetRawText().ShouldBe("""{"plan":"pro"}""");

        var byId = new ApiClient(shared.Server.Http, shared.Server.AdminToken, id);
        var byExternalId = new ApiClient(shared.Server.Http, shared.Server.AdminToken, externalId);
        (await byId.PostAsync("/api/v1/events", """{"type":"order.paid","payload":{}}""")).Data(202);

        (await byExternalId.GetAsync("/api/v1/events")).Data().GetArrayLength().ShouldBe(1);
        (await shared.Admin.PostAsync("/api/v1/tenants", new { name = "Twice", external_id = externalId }))
            .ShouldBeProblem(409, "conflict");
        var nobody = new ApiClient(shared.Server.Http, shared.Server.AdminToken, "nobody");
        (await nobody.GetAsync("/api/v1/events")).Status.ShouldBeOneOf(400, 404);
    }

    [Fact]
    public async Task Tenant_can_be_renamed_and_listed()
    {
        var tenant = await shared.NewTenantAsync();

        (await shared.Admin.PatchAsync($"/api/v1/tenants/{tenant.Id}", """{"name":"Renamed ö"}""")).Data();

        (await shared.Admin.GetAsync($"/api/v1/tenants/{tenant.Id}")).Data().Text("name").ShouldBe("Renamed ö");
        (await shared.Admin.GetAsync("/api/v1/tenants?limit=100")).Data().GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Default_tenant_and_its_token_stay_what_they_are_but_can_be_suspended()
    {
        await using var server = await ServerProcess.StartAsync();
        var admin = new ApiClient(server.Http, server.AdminToken);
        var own = new ApiClient(server.Http, server.ApiToken);
        var path = $"/api/v1/tenants/{(await admin.GetAsync("/api/v1/tenants")).Data()[0].Text("id")}";
        var key = (await own.GetAsync("/api/v1/keys")).Data()[0].Text("id");

        (await admin.DeleteAsync(path)).ShouldBeProblem(409, "conflict").Text("detail").ShouldContain("API_TOKEN");
        (await admin.DeleteAsync($"{path}/keys/{key}")).ShouldBeProblem(409, "conflict");
        (await own.DeleteAsync($"/api/v1/keys/{key}")).ShouldBeProblem(409, "conflict").Text("detail").ShouldContain("API_TOKEN");

        (await admin.PatchAsync(path, """{"suspended":true,"name":"Acme"}""")).Data();
        (await own.GetAsync("/api/v1/events")).ShouldBeProblem(403, "tenant_suspended");
        (await server.StopAsync()).ShouldBe(0);
        await server.StartAgainAsync();
        (await own.GetAsync("/api/v1/events")).ShouldBeProblem(403, "tenant_suspended");
        (await admin.GetAsync("/api/v1/tenants")).Data().GetArrayLength().ShouldBe(1);
        (await admin.PatchAsync(path, """{"suspended":false}""")).Data();
        (await own.GetAsync("/api/v1/events")).Data();
    }
}
