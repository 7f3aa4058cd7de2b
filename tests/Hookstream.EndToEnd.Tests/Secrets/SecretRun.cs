using System.Security.Cryptography;
using System.Text;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Secrets;

/// <summary>Everything that touches a secret, done once against a server that logs all it can; every answer is looked through.</summary>
internal sealed class SecretRun(ServerProcess server, Receiver receiver)
{
    // Nothing listens there.
    private const string Nowhere = "http://127.0.0.1:1/";

    private readonly List<(ApiAnswer Answer, string[] Shown)> _answers = [];

    public SecretNeedles Needles { get; } = new();

    /// <summary>Runs; with <paramref name="plant"/>, also lets secrets slip where an operator's mistake or a bug could.</summary>
    public async Task MakeAsync(bool plant)
    {
        Needles.Add("the default tenant's key", server.ApiToken);
        Needles.Add("the admin token", server.AdminToken);
        var admin = new ApiClient(server.Http, server.AdminToken);
        var tenantId = (await TakeAsync(admin.PostAsync("/api/v1/tenants", new { name = "acme" }))).Data(201).Text("id");
        var made = await admin.PostAsync($"/api/v1/tenants/{tenantId}/keys", new { name = "test", scopes = TenantApi.AllScopes });
        var key = Shown(made, "key", "the tenant's key");
        var api = new ApiClient(server.Http, key);
        Shown(await api.PostAsync("/api/v1/keys", new { name = "another" }), "key", "the key that was made by the tenant");
        var credential = $"Bearer {RandomNumberGenerator.GetHexString(40)}";
        var cookie = $"session={RandomNumberGenerator.GetHexString(40)}";
        Needles.Add("the Authorization header", credential["Bearer ".Length..]);
        Needles.Add("the cookie", cookie["session=".Length..]);

        await DeliverAsync(api, credential, cookie);
        await FailAsync(api, credential);
        await MistakesAsync(api, key);
        foreach (var path in (string[])["subscribers", "events", "deliveries", "dead-letter", "keys"])
            await TakeAsync(api.GetAsync($"/api/v1/{path}?limit=100"));
        foreach (var path in (string[])["/health", "/metrics", "/openapi/v1.json", "/docs/"])
            await TakeAsync(api.GetAsync(path));
        await TakeAsync(admin.GetAsync($"/api/v1/tenants/{tenantId}/keys"));
        await TakeAsync(admin.PostAsync("/api/v1/encryption/rotate"));
        if (plant)
            await PlantAsync(api, key, credential);
    }

    /// <summary>Looks through the answers and the log.</summary>
    public SecretScan Scan()
    {
        var scan = new SecretScan(Needles);
        foreach (var (answer, shown) in _answers)
            scan.Look(answer, shown);
        scan.Look("the log", string.Join('\n', server.Log.Since(0)));
        return scan;
    }

    // A delivery that arrives, and every way in which the subscriber's secrets change.
    private async Task DeliverAsync(ApiClient api, string credential, string cookie)
    {
        // It repeats what it was sent, as many a test receiver does.
        var endpoint = receiver.NewEndpoint().Decides(request => new Reply
        {
            Headers = [("X-Seen", request.Header("Authorization"))],
            Body = Encoding.UTF8.GetBytes(string.Join('\n', request.Headers.Select(header => $"{header.Key}={header.Value}"))),
        });
        var created = await api.PostAsync(
            "/api/v1/subscribers",
            new { url = endpoint.Url, events = new[] { "order.*" }, headers = new { Authorization = credential, Cookie = "none-yet" } });
        ShownSecret(created, "the first signing secret");
        var one = $"/api/v1/subscribers/{created.Data(201).Text("id")}";
        await TakeAsync(api.PatchAsync(one, new { headers = new { Cookie = cookie } }));
        ShownSecret(await api.PostAsync(one + "/rotate-secret"), "the second signing secret");
        var given = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        ShownSecret(await api.PostAsync(one + "/rotate-secret", new { secret = given, grace_period_seconds = 600 }), "the third signing secret");
        await TakeAsync(api.PostAsync("/api/v1/events", """{"type":"order.paid","payload":{"n":1}}"""));
        var request = (await endpoint.WaitForAsync(1))[0];
        request.Header("Authorization").ShouldBe(credential);
        request.Header("Cookie").ShouldBe(cookie);
        await DeliveredAsync(api, request.DeliveryId, "delivered");
        foreach (var action in (string[])["/test", "/verify"])
            await TakeAsync(api.PostAsync(one + action));
        await TakeAsync(api.PostAsync($"/api/v1/deliveries/{request.DeliveryId}/replay"));
        await endpoint.WaitForAsync(3);
        await TakeAsync(api.DeleteAsync(one + "/previous-secret"));
        await TakeAsync(api.GetAsync($"/api/v1/events/{request.EventId}"));
        await TakeAsync(api.GetAsync(one));
    }

    // Attempts that fail in several ways, down to the dead letter.
    private async Task FailAsync(ApiClient api, string credential)
    {
        var refused = await api.PostAsync(
            "/api/v1/subscribers",
            new { url = Nowhere, events = new[] { "failed.*" }, headers = new { Authorization = credential }, retry_schedule = new[] { "0s", "100ms" } });
        ShownSecret(refused, "the signing secret of one that is down");
        var failing = receiver.NewEndpoint().Replies(Reply.Status(500), Reply.Abort, Reply.Hang);
        var answered = await api.PostAsync(
            "/api/v1/subscribers",
            new
            {
                url = failing.Url,
                events = new[] { "failed.*" },
                headers = new { Authorization = credential },
                timeout_ms = 1_000,
                retry_schedule = new[] { "0s", "50ms", "50ms" },
            });
        ShownSecret(answered, "the signing secret of one that fails");
        var posted = (await TakeAsync(api.PostAsync("/api/v1/events", """{"type":"failed.order","payload":{}}"""))).Data(202);
        foreach (var id in (string[])[refused.Data(201).Text("id"), answered.Data(201).Text("id")])
        {
            var list = await api.GetAsync($"/api/v1/deliveries?event_id={posted.Text("event_id")}&subscriber_id={id}");
            await DeliveredAsync(api, list.Data().EnumerateArray().Single().Text("id"), "dead_letter");
            await TakeAsync(api.PostAsync($"/api/v1/subscribers/{id}/test"));
            await TakeAsync(api.PostAsync($"/api/v1/subscribers/{id}/verify"));
        }
    }

    // What is refused is not repeated to whoever reads the log, and neither is it in the answer.
    private async Task MistakesAsync(ApiClient api, string key)
    {
        var mistyped = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(70));
        var almost = key + "almost";
        Needles.Add("a secret that was refused", mistyped["whsec_".Length..]);
        Needles.Add("a key that was refused", almost);
        await TakeAsync(api.PostAsync(
            "/api/v1/subscribers", new { url = Nowhere, events = new[] { "*" }, secret = mistyped, headers = new { Bad = mistyped + "\n" } }));
        await TakeAsync(new ApiClient(server.Http, almost).GetAsync("/api/v1/events"));
        await TakeAsync(api.PostAsync("/api/v1/subscribers", $$"""{"secret":"{{mistyped}}" oops"""));
    }

    private async Task PlantAsync(ApiClient api, string key, string credential)
    {
        // The id of a request is answered, the type of an event logged with its attempt, a payload stored.
        await TakeAsync(api.SendAsync("POST", "/api/v1/events", ApiClient.Json("""{"type":5}"""), ("X-Request-Id", key)));
        await TakeAsync(api.PostAsync("/api/v1/events", new { type = "planted", payload = new { credential } }));
        var posted = (await api.PostAsync("/api/v1/events", new { type = $"order.{key}", payload = new { } })).Data(202);
        var list = await api.GetAsync($"/api/v1/deliveries?event_id={posted.Text("event_id")}");
        await DeliveredAsync(api, list.Data().EnumerateArray().Single().Text("id"), "delivered");
    }

    private async Task DeliveredAsync(ApiClient api, string deliveryId, string status)
    {
        ApiAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (answer = await api.GetAsync($"/api/v1/deliveries/{deliveryId}")).Data().Text("status") == status,
            () => $"{deliveryId} to be {status}; it is {answer?.Text}");
        _answers.Add((answer!, []));
        // The attempts of a delivery are logged before it is settled, but the line may be on its way.
        await server.Log.WaitForAsync(deliveryId);
    }

    private async Task<ApiAnswer> TakeAsync(Task<ApiAnswer> call)
    {
        var answer = await call;
        _answers.Add((answer, []));
        return answer;
    }

    private string Shown(ApiAnswer answer, string field, string name)
    {
        var secret = answer.Data(answer.Status).Text(field);
        Needles.Add(name, secret);
        _answers.Add((answer, [secret]));
        return secret;
    }

    private void ShownSecret(ApiAnswer answer, string name)
    {
        var secret = answer.Data(answer.Status).Text("secret");
        Needles.AddSigningSecret(name, secret);
        _answers.Add((answer, [secret]));
    }
}
