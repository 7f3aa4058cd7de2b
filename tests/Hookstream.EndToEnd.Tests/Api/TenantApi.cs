using System.Text.Json;
using System.Text.Json.Nodes;
using Hookstream.EndToEnd.Tests.Receivers;

namespace Hookstream.EndToEnd.Tests.Api;

/// <summary>A tenant with a key of all scopes: what most tests do with one.</summary>
internal sealed class TenantApi(string id, string key, ApiClient api)
{
    public static readonly string[] AllScopes = ["events:write", "read", "manage"];

    public string Id => id;

    public string Key => key;

    public ApiClient Api => api;

    /// <summary>Makes a tenant by the operator's API.</summary>
    public static async Task<TenantApi> CreateAsync(HttpClient http, string adminToken, string? name = null)
    {
        var admin = new ApiClient(http, adminToken);
        var tenant = (await admin.PostAsync("/api/v1/tenants", new { name = name ?? $"test {Guid.NewGuid():N}" })).Data(201);
        var id = tenant.Text("id");
        var key = (await admin.PostAsync($"/api/v1/tenants/{id}/keys", new { name = "test", scopes = AllScopes })).Data(201);
        return new TenantApi(id, key.Text("key"), new ApiClient(http, key.Text("key")));
    }

    public async Task<Subscription> SubscribeAsync(Endpoint endpoint, string filter = "*", object? settings = null)
    {
        var body = settings is null ? [] : JsonSerializer.SerializeToNode(settings)!.AsObject();
        body["url"] = endpoint.Url.ToString();
        body["events"] ??= new JsonArray(filter);
        var created = (await api.PostAsync("/api/v1/subscribers", body)).Data(201);
        return new Subscription(created.Text("id"), created.Text("secret"), endpoint);
    }

    public Task<JsonElement> SubscriberAsync(string subscriberId) => ReadAsync($"/api/v1/subscribers/{subscriberId}");

    /// <summary>Posts an event whose payload goes out byte for byte.</summary>
    public async Task<PostedEvent> PostAsync(string type, string payload = "{}", string more = "")
    {
        var answer = await api.PostAsync("/api/v1/events", $$"""{"type":"{{type}}","payload":{{payload}}{{more}}}""");
        var data = answer.Data(202);
        return new PostedEvent(
            data.Text("event_id"),
            data.GetProperty("enqueued_count").GetInt32(),
            data.TryGetProperty("duplicate", out var duplicate) && duplicate.GetBoolean());
    }

    public Task<JsonElement> DeliveryAsync(string deliveryId) => ReadAsync($"/api/v1/deliveries/{deliveryId}");

    /// <summary>Waits until the delivery has this status.</summary>
    public Task<JsonElement> DeliveryAsync(string deliveryId, string status) =>
        DeliveryAsync(deliveryId, delivery => delivery.Text("status") == status, $"to be {status}");

    public async Task<JsonElement> DeliveryAsync(string deliveryId, Func<JsonElement, bool> until, string expectation)
    {
        var delivery = default(JsonElement);
        await Eventually.TrueAsync(
            async () => until(delivery = await DeliveryAsync(deliveryId)),
            () => $"{deliveryId} {expectation}; it is {delivery}");
        return delivery;
    }

    /// <summary>The id of the event's delivery to the subscriber.</summary>
    public async Task<string> DeliveryIdAsync(string eventId, string subscriberId) =>
        (await ListAsync($"/api/v1/deliveries?event_id={eventId}&subscriber_id={subscriberId}")).Single().Text("id");

    /// <summary>The first page of a list.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path) => [.. (await ReadAsync(path)).EnumerateArray()];

    private async Task<JsonElement> ReadAsync(string path) => (await api.GetAsync(path)).Data();
}
