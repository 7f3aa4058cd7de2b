namespace Hookstream.Api.Tests.Tenants;

public sealed class TenantTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Path = "/api/v1/tenants";

    [Fact]
    public async Task Tenant_is_made_changed_given_a_key_and_deleted()
    {
        var made = await PostAsync(Path, """{"name":"Initech","external_id":"cust-7"}""");
        made.Status.ShouldBe(201, made.Text);
        var one = $"{Path}/{made.Id}";
        made.Headers["Location"].ShouldBe(one);

        var changed = await server.SendAsync(HttpMethod.Patch, one, """{"name":"Initrode","external_id":null}""", ApiServer.AdminToken);
        changed.Data.GetProperty("name").GetString().ShouldBe("Initrode");
        changed.Data.GetProperty("external_id").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);

        var key = await PostAsync(one + "/keys", """{"name":"first"}""");
        key.Status.ShouldBe(201, key.Text);
        (await server.GetAsync("/api/v1/events", key.Data.GetProperty("key").GetString())).Status.ShouldBe(200);
        (await server.GetAsync(one + "/keys", ApiServer.AdminToken)).Data.GetArrayLength().ShouldBe(1);
        (await server.SendAsync(HttpMethod.Delete, $"{one}/keys/{key.Id}", null, ApiServer.AdminToken)).Status.ShouldBe(204);

        (await server.SendAsync(HttpMethod.Delete, one, null, ApiServer.AdminToken)).Status.ShouldBe(204);
        (await server.GetAsync(one, ApiServer.AdminToken)).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task Default_tenant_is_not_deleted()
    {
        var tenant = server.Tenants.Add("by configuration");
        server.Tenants.Configured = tenant.Id;

        var answer = await server.SendAsync(HttpMethod.Delete, $"{Path}/{tenant.Id}", null, ApiServer.AdminToken);

        answer.ShouldFail(409, "conflict");
        answer.Detail.ShouldContain("API_TOKEN");
    }

    [Fact]
    public async Task External_id_is_unique()
    {
        var made = await PostAsync(Path, """{"name":"a"}""");

        (await PostAsync(Path, """{"name":"b","external_id":"acme"}""")).ShouldFail(409, "conflict");
        (await server.SendAsync(HttpMethod.Patch, $"{Path}/{made.Id}", """{"external_id":"acme"}""", ApiServer.AdminToken))
            .ShouldFail(409, "conflict");
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a","external_id":" b"}""", "external_id")]
    [InlineData("""{"name":"a","external_id":"ten_01h455vb4pex5vsknk084sn02q"}""", "external_id")]
    [InlineData("""{"name":"a","external_id":"é","metadata":"x","suspended":true}""", "suspended,external_id,metadata")]
    public async Task Tenant_is_validated(string body, string fields)
    {
        var answer = await PostAsync(Path, body);

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
    }

    private Task<Answered> PostAsync(string path, string json) => server.PostAsync(path, json, ApiServer.AdminToken);
}
