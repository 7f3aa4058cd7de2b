using System.Net;

namespace Hookstream.Client.Tests.Tenants;

public sealed class TenantsClientTests
{
    private const string Tenant =
        """{"success":true,"data":{"id":"ten_1","name":"Acme","external_id":"acme","status":"active","metadata":null}}""";

    private readonly RecordingServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenant_is_created_changed_suspended_and_resumed()
    {
        _server.Answer(Tenant, HttpStatusCode.Created).Answer(Tenant).Answer(Tenant).Answer(Tenant);
        var tenants = _server.Client().Tenants;

        (await tenants.CreateAsync(new() { Name = "Acme", ExternalId = "acme" }, Cancel)).Id.ShouldBe("ten_1");
        await tenants.UpdateAsync("ten_1", new() { ExternalId = null }, Cancel);
        await tenants.SuspendAsync("ten_1", Cancel);
        await tenants.ResumeAsync("ten_1", Cancel);

        _server.Requests.Select(request => $"{request.Method} {request.Url[18..]} {request.Body}").ShouldBe(
            [
                """POST /api/v1/tenants {"name":"Acme","external_id":"acme"}""",
                """PATCH /api/v1/tenants/ten_1 {"external_id":null}""",
                """PATCH /api/v1/tenants/ten_1 {"status":"suspended"}""",
                """PATCH /api/v1/tenants/ten_1 {"status":"active"}""",
            ]);
    }

    [Fact]
    public async Task Keys_of_a_tenant_are_created_and_revoked()
    {
        _server
            .Answer(
                """{"success":true,"data":{"id":"key_1","key":"hk_secret","prefix":"hk_s","name":"ci","scopes":["read"]}}""",
                HttpStatusCode.Created)
            .Answer(new HttpResponseMessage(HttpStatusCode.NoContent));
        var tenants = _server.Client().Tenants;

        var key = await tenants.CreateKeyAsync("ten_1", new() { Name = "ci", Scopes = ["read"] }, Cancel);
        await tenants.RevokeKeyAsync("ten_1", "key_1", Cancel);

        key.Key.ShouldBe("hk_secret");
        key.Scopes.ShouldBe(["read"]);
        _server.Requests.Select(request => $"{request.Method} {request.Url[18..]} {request.Body}").ShouldBe(
            ["""POST /api/v1/tenants/ten_1/keys {"name":"ci","scopes":["read"]}""", "DELETE /api/v1/tenants/ten_1/keys/key_1 "]);
    }
}
