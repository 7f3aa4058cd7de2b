using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Events;

public class IdempotencyTests(SharedServer shared)
{
    [Fact]
    public async Task Same_key_again_is_a_duplicate_with_same_id_and_count_and_sends_nothing()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint, "order.*");
        await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "order.paid");

        var first = await tenant.PostAsync("order.paid", """{"n":1}""", ""","idempotency_key":"k-1" """);
        var second = await tenant.PostAsync("order.paid", """{"n":1}""", ""","idempotency_key":"k-1" """);
        var other = await tenant.PostAsync("order.paid", """{"n":2}""", ""","idempotency_key":"k-2" """);

        first.EnqueuedCount.ShouldBe(2);
        first.Duplicate.ShouldBeFalse();
        second.ShouldBe(first with { Duplicate = true });
        // In no order: they are sent at the same time.
        var requests = await endpoint.WaitForAsync(
            received => received.Any(request => request.EventId == first.Id) && received.Any(request => request.EventId == other.Id),
            "both events");
        requests.Count(request => request.EventId == first.Id).ShouldBe(1);
        (await tenant.Api.GetAsync($"/api/v1/events/{first.Id}")).Data().Text("idempotency_key").ShouldBe("k-1");
    }

    [Theory]
    [InlineData("""{"type":"order.paid","payload":{"n":2},"idempotency_key":"k"}""")]
    [InlineData("""{"type":"order.paid","payload":{"n": 1},"idempotency_key":"k"}""")]
    [InlineData("""{"type":"order.sent","payload":{"n":1},"idempotency_key":"k"}""")]
    [InlineData("""{"type":"order.paid","payload":{"n":1},"idempotency_key":"k","priority":"high"}""")]
    public async Task Same_key_with_another_event_is_a_conflict(string body)
    {
        var tenant = await shared.NewTenantAsync();
        await tenant.PostAsync("order.paid", """{"n":1}""", ""","idempotency_key":"k" """);

        (await tenant.Api.PostAsync("/api/v1/events", body)).ShouldBeProblem(409, "idempotency_conflict");
    }

    [Fact]
    public async Task Same_key_of_another_tenant_is_another_event()
    {
        var (one, two) = (await shared.NewTenantAsync(), await shared.NewTenantAsync());
        var first = await one.PostAsync("order.paid", "{}", ""","idempotency_key":"k" """);

        var second = await two.PostAsync("order.paid", "{}", ""","idempotency_key":"k" """);

        second.Duplicate.ShouldBeFalse();
        second.Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Twenty_duplicates_at_once_make_one_event()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);

        var posted = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            tenant.PostAsync("order.paid", """{"n":1}""", ""","idempotency_key":"at-once" """)));

        posted.Count(answer => !answer.Duplicate).ShouldBe(1);
        posted.Select(answer => answer.Id).Distinct().ShouldHaveSingleItem();
        posted.ShouldAllBe(answer => answer.EnqueuedCount == 1);
        (await tenant.ListAsync("/api/v1/events")).ShouldHaveSingleItem();
        var later = await tenant.PostAsync("order.paid");
        var requests = await endpoint.WaitForAsync(
            received => received.Any(request => request.EventId == posted[0].Id) && received.Any(request => request.EventId == later.Id),
            "both events");
        requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Header_counts_as_the_field()
    {
        var tenant = await shared.NewTenantAsync();
        var byField = await tenant.PostAsync("order.paid", "{}", ""","idempotency_key":"k" """);

        var byHeader = (await PostAsync(tenant, """{"type":"order.paid","payload":{}}""", "k")).Data(202);
        var byBoth = (await PostAsync(tenant, """{"type":"order.paid","payload":{},"idempotency_key":"k"}""", "k")).Data(202);
        var differing = await PostAsync(tenant, """{"type":"order.paid","payload":{},"idempotency_key":"other"}""", "k");

        byHeader.Text("event_id").ShouldBe(byField.Id);
        byHeader.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        byBoth.Text("event_id").ShouldBe(byField.Id);
        differing.ShouldBeProblem(400, "validation_failed").Text("detail").ShouldContain("Idempotency-Key");
    }

    [Fact]
    public async Task Key_of_255_printable_characters_is_accepted()
    {
        var tenant = await shared.NewTenantAsync();
        var longest = " !~" + new string('k', 252);

        (await tenant.PostAsync("order.paid", "{}", $""","idempotency_key":"{longest}" """)).Duplicate.ShouldBeFalse();
        (await tenant.PostAsync("order.paid", "{}", $""","idempotency_key":"{longest}" """)).Duplicate.ShouldBeTrue();
    }

    [Fact]
    public async Task Same_key_within_one_batch_is_one_event()
    {
        var tenant = await shared.NewTenantAsync();
        const string Event = """{"type":"order.paid","payload":{},"idempotency_key":"k"}""";

        var results = (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{Event}},{{Event}}]}"""))
            .Data(202).GetProperty("results").EnumerateArray().ToArray();

        results.Select(result => result.Text("event_id")).Distinct().ShouldHaveSingleItem();
        (await tenant.ListAsync("/api/v1/events")).ShouldHaveSingleItem();
    }

    private static Task<ApiAnswer> PostAsync(TenantApi tenant, string body, string key) =>
        tenant.Api.SendAsync("POST", "/api/v1/events", ApiClient.Json(body), ("Idempotency-Key", key));
}
