namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>Every call of the API that takes input. Paths name the kind of id: <c>{evt}</c>, <c>{sub}</c>, …</summary>
internal static class Calls
{
    private const string Nul = "\\u0000";

    private static readonly string[] TimeQueries = ["since=yesterday", "until=2026-13-01T00:00:00Z"];

    private static readonly string[] DeliveryQueries =
    [
        .. TimeQueries, "subscriber_id=sub_short", "event_id=sub_01h455vb4pex5vsknk084sn02q", "event_type=no%20spaces",
        "event_type=",
    ];

    private static readonly (string, string)[] KeyBodies =
    [
        ("name", """{"name":1}"""),
        ("name", """{"name":""}"""),
        ("name", $$"""{"name":"a{{Nul}}b"}"""),
        ("scopes", """{"name":"k","scopes":"read"}"""),
        ("scopes", """{"name":"k","scopes":["everything"]}"""),
        ("scopes", """{"name":"k","scopes":[1]}"""),
        ("expires_at", """{"name":"k","expires_at":"tomorrow"}"""),
        ("expires_at", """{"name":"k","expires_at":1767225600}"""),
    ];

    public static IReadOnlyList<Call> All { get; } =
    [
        .. EventCalls(), .. SubscriberCalls.All, .. DeliveryCalls(), .. KeyCalls("/api/v1/keys", false), .. TenantCalls(),
        .. KeyCalls("/api/v1/tenants/{ten}/keys", true),
    ];

    private static Call[] EventCalls() =>
    [
        new("POST", "/api/v1/events")
        {
            Body = """{"type":"order.paid","payload":{}}""",
            Misspelling = ("paylod", "payload"),
            BadBodies =
            [
                ("type", """{"payload":{}}"""),
                ("type", """{"type":null,"payload":{}}"""),
                ("type", """{"type":1,"payload":{}}"""),
                ("type", """{"type":{"a":1},"payload":{}}"""),
                ("type", """{"type":"","payload":{}}"""),
                ("type", """{"type":"no spaces","payload":{}}"""),
                ("type", """{"type":"a..b","payload":{}}"""),
                ("type", """{"type":".a","payload":{}}"""),
                ("type", """{"type":"order.*","payload":{}}"""),
                ("type", """{"type":"hookstream.test","payload":{}}"""),
                ("type", """{"type":"webhook.verify","payload":{}}"""),
                ("type", $$"""{"type":"a{{Nul}}b","payload":{} }"""),
                ("type", $$"""{"type":"{{new string('a', 257)}}","payload":{} }"""),
                ("payload", """{"type":"order.paid"}"""),
                ("payload", """{"type":"order.paid","payload":null}"""),
                ("payload", """{"type":"order.paid","payload":[]}"""),
                ("payload", """{"type":"order.paid","payload":"{}"}"""),
                ("payload", """{"type":"order.paid","payload":1}"""),
                ("idempotency_key", """{"type":"order.paid","payload":{},"idempotency_key":1}"""),
                ("idempotency_key", """{"type":"order.paid","payload":{},"idempotency_key":""}"""),
                ("idempotency_key", """{"type":"order.paid","payload":{},"idempotency_key":"ö"}"""),
                ("idempotency_key", $$"""{"type":"order.paid","payload":{},"idempotency_key":"a{{Nul}}"}"""),
                ("idempotency_key", $$"""{"type":"order.paid","payload":{},"idempotency_key":"{{new string('k', 256)}}"}"""),
                ("priority", """{"type":"order.paid","payload":{},"priority":"urgent"}"""),
                ("priority", """{"type":"order.paid","payload":{},"priority":1}"""),
                ("timestamp", """{"type":"order.paid","payload":{},"timestamp":"yesterday"}"""),
                ("timestamp", """{"type":"order.paid","payload":{},"timestamp":1767225600}"""),
                ("timestamp", """{"type":"order.paid","payload":{},"timestamp":"2026-02-30T00:00:00Z"}"""),
            ],
        },
        new("POST", "/api/v1/events/batch")
        {
            Body = """{"events":[{"type":"order.paid","payload":{}}]}""",
            Misspelling = ("event", "events"),
            BadBodies =
            [
                ("events", "{}"),
                ("events", """{"events":null}"""),
                ("events", """{"events":{}}"""),
                ("events", """{"events":"all"}"""),
                ("events", """{"events":[]}"""),
                ("events", $$"""{"events":[{{string.Join(',', Enumerable.Repeat("""{"type":"a","payload":{}}""", 1001))}}]}"""),
            ],
        },
        new("GET", "/api/v1/events") { List = true, BadQueries = [.. TimeQueries, "type=no%20spaces"] },
        new("GET", "/api/v1/events/{evt}"),
        new("POST", "/api/v1/events/{evt}/replay")
        {
            Body = "{}",
            BodyOptional = true,
            Misspelling = ("subscriber", "subscriber_id"),
            BadBodies =
            [
                ("subscriber_id", """{"subscriber_id":1}"""),
                ("subscriber_id", """{"subscriber_id":"sub_short"}"""),
                ("subscriber_id", """{"subscriber_id":"evt_01h455vb4pex5vsknk084sn02q"}"""),
            ],
        },
    ];

    private static Call[] DeliveryCalls() =>
    [
        new("GET", "/api/v1/deliveries") { List = true, BadQueries = [.. DeliveryQueries, "status=lost", "status="] },
        new("GET", "/api/v1/deliveries/{dlv}"),
        new("POST", "/api/v1/deliveries/{dlv}/replay"),
        new("POST", "/api/v1/deliveries/{dlv}/cancel"),
        new("POST", "/api/v1/deliveries/replay")
        {
            Body = """{"since":"2026-01-01T00:00:00Z","dry_run":true}""",
            Misspelling = ("subscribe_id", "subscriber_id"),
            BadBodies =
            [
                ("subscriber_id", """{"subscriber_id":1}"""),
                ("subscriber_id", """{"subscriber_id":"sub_short"}"""),
                ("event_id", """{"event_id":"nonsense"}"""),
                ("event_type", """{"since":"2026-01-01T00:00:00Z","event_type":"no spaces"}"""),
                ("since", """{"since":"yesterday"}"""),
                ("since", """{"since":1767225600}"""),
                ("until", """{"since":"2026-01-01T00:00:00Z","until":"tomorrow"}"""),
                ("status", """{"since":"2026-01-01T00:00:00Z","status":"lost"}"""),
                ("status", """{"since":"2026-01-01T00:00:00Z","status":1}"""),
                ("dry_run", """{"since":"2026-01-01T00:00:00Z","dry_run":"yes"}"""),
            ],
        },
        new("GET", "/api/v1/dead-letter") { List = true, BadQueries = DeliveryQueries },
    ];

    private static Call[] KeyCalls(string path, bool forOperator) =>
    [
        new("POST", path)
        {
            Body = """{"name":"k"}""",
            Operator = forOperator,
            Misspelling = ("scope", "scopes"),
            BadBodies = KeyBodies,
        },
        new("GET", path) { List = true, Operator = forOperator },
        new("DELETE", path + "/{key}") { Operator = forOperator },
    ];

    private static Call[] TenantCalls() =>
    [
        new("POST", "/api/v1/tenants")
        {
            Operator = true,
            Body = """{"name":"t"}""",
            Misspelling = ("externalid", "external_id"),
            BadBodies =
            [
                ("name", "{}"),
                ("name", """{"name":1}"""),
                ("name", """{"name":""}"""),
                ("name", $$"""{"name":"a{{Nul}}b"}"""),
                ("name", $$"""{"name":"{{new string('n', 10_000)}}"}"""),
                ("external_id", """{"name":"t","external_id":1}"""),
                ("external_id", $$"""{"name":"t","external_id":"a{{Nul}}"}"""),
                ("metadata", """{"name":"t","metadata":"x"}"""),
            ],
        },
        new("GET", "/api/v1/tenants") { List = true, Operator = true },
        new("GET", "/api/v1/tenants/{ten}") { Operator = true },
        new("PATCH", "/api/v1/tenants/{ten}")
        {
            Operator = true,
            Body = """{"name":"t"}""",
            Misspelling = ("nam", "name"),
            BadBodies =
            [
                ("name", """{"name":null}"""),
                ("name", """{"name":[]}"""),
                ("external_id", """{"external_id":1}"""),
                ("metadata", """{"metadata":1}"""),
                ("suspended", """{"suspended":"yes"}"""),
                ("suspended", """{"suspended":1}"""),
            ],
        },
        new("DELETE", "/api/v1/tenants/{ten}") { Operator = true },
        new("POST", "/api/v1/encryption/rotate") { Operator = true },
    ];
}
