namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>The calls on subscribers.</summary>
internal static class SubscriberCalls
{
    private const string Nul = "\\u0000";

    // One bad field each; the same at creation and at change.
    private static readonly (string Field, string Json)[] BadFields =
    [
        ("url", "1"),
        ("url", "\"\""),
        ("url", "\"not a url\""),
        ("url", "\"/relative\""),
        ("url", "\"ftp://example.com/\""),
        ("url", "\"http://\""),
        ("url", $"\"http://example.com/{Nul}\""),
        ("events", "\"*\""),
        ("events", "[]"),
        ("events", "{}"),
        ("events", "[1]"),
        ("events", "[\"no spaces\"]"),
        ("events", "[\"*.paid\"]"),
        ("events", "[\"order.*\",\"order.\"]"),
        ("description", "1"),
        ("description", $"\"a{Nul}b\""),
        ("timeout_ms", "\"1000\""),
        ("timeout_ms", "999"),
        ("timeout_ms", "120001"),
        ("timeout_ms", "1000.5"),
        ("timeout_ms", "1e400"),
        ("timeout_ms", "99999999999999999999"),
        ("retry_schedule", "[]"),
        ("retry_schedule", "[\"soon\"]"),
        ("retry_schedule", "[1]"),
        ("retry_schedule", "{}"),
        ("retry_schedule", $"[{string.Join(',', Enumerable.Repeat("\"1s\"", 21))}]"),
        ("max_in_flight", "0"),
        ("max_in_flight", "-1"),
        ("max_in_flight", "\"3\""),
        ("rate_limit_per_second", "0.09"),
        ("rate_limit_per_second", "10001"),
        ("rate_limit_per_second", "-1"),
        ("rate_limit_per_second", "1e400"),
        ("rate_limit_per_second", "\"5\""),
        ("circuit_threshold", "0"),
        ("circuit_threshold", "2.5"),
        ("circuit_cooldown", "\"0s\""),
        ("circuit_cooldown", "\"2d\""),
        ("circuit_cooldown", "\"soon\""),
        ("circuit_cooldown", "10"),
        ("headers", "[]"),
        ("headers", "\"a: b\""),
        ("headers.X-A", "{\"X-A\":{}}"),
        ("headers.X-A", "{\"X-A\":\"a\\r\\nb\"}"),
        ("headers.Host", "{\"Host\":\"other.example\"}"),
        ("headers.X-Hookstream-Signature", "{\"X-Hookstream-Signature\":\"sha256=0\"}"),
        ("headers.no token", "{\"no token\":\"a\"}"),
        ("payload_format", "\"xml\""),
        ("payload_format", "1"),
        ("verification", "\"maybe\""),
        ("verification", "true"),
        ("metadata", "\"x\""),
        ("metadata", "[]"),
    ];

    private static readonly (string Field, string Json)[] BadSecrets =
    [
        ("secret", "1"),
        ("secret", "\"short\""),
        ("secret", "\"whsec_\""),
        ("secret", "\"whsec_not/base64!not/base64!not/base64!\""),
        ("secret", $"\"whsec_{Convert.ToBase64String(new byte[65])}\""),
        ("secret", $"\"whsec_{Convert.ToBase64String(new byte[23])}\""),
    ];

    private static readonly (string Field, string Body)[] MissingFields =
    [
        ("url", """{"events":["*"]}"""),
        ("url", """{"url":null,"events":["*"]}"""),
        ("events", """{"url":"http://127.0.0.1:9/"}"""),
        ("events", """{"url":"http://127.0.0.1:9/","events":null}"""),
    ];

    public static IReadOnlyList<Call> All { get; } =
    [
        new("POST", "/api/v1/subscribers")
        {
            Body = Complete("", ""),
            Misspelling = ("evnts", "events"),
            BadBodies =
            [
                .. MissingFields,
                .. BadFields.Concat(BadSecrets).Select(bad => (bad.Field, Complete(bad.Field, bad.Json))),
            ],
        },
        new("GET", "/api/v1/subscribers") { List = true },
        new("GET", "/api/v1/subscribers/{sub}"),
        new("PATCH", "/api/v1/subscribers/{sub}")
        {
            Body = """{"description":"d"}""",
            Misspelling = ("descripton", "description"),
            BadBodies =
            [
                ("secret", """{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"""),
                ("status", """{"status":"paused"}"""),
                ("url", """{"url":null}"""),
                ("events", """{"events":null}"""),
                .. BadFields.Select(bad => (bad.Field, $$"""{"{{NameOf(bad.Field)}}":{{bad.Json}}}""")),
            ],
        },
        new("DELETE", "/api/v1/subscribers/{sub}"),
        new("POST", "/api/v1/subscribers/{sub}/verify"),
        new("PATCH", "/api/v1/subscribers/{sub}/pause")
        {
            Body = """{"paused":true}""",
            BodyOptional = true,
            Misspelling = ("pause", "paused"),
            BadBodies = [("paused", """{"paused":"yes"}"""), ("paused", """{"paused":1}""")],
        },
        new("PATCH", "/api/v1/subscribers/{sub}/resume"),
        new("POST", "/api/v1/subscribers/{sub}/test"),
        new("POST", "/api/v1/subscribers/{sub}/rotate-secret")
        {
            Body = """{"grace_period_seconds":60}""",
            BodyOptional = true,
            Misspelling = ("grace_period_second", "grace_period_seconds"),
            BadBodies =
            [
                .. BadSecrets.Select(bad => (bad.Field, $$"""{"{{bad.Field}}":{{bad.Json}}}""")),
                ("grace_period_seconds", """{"grace_period_seconds":-1}"""),
                ("grace_period_seconds", """{"grace_period_seconds":2592001}"""),
                ("grace_period_seconds", """{"grace_period_seconds":0.5}"""),
                ("grace_period_seconds", """{"grace_period_seconds":"1d"}"""),
            ],
        },
        new("DELETE", "/api/v1/subscribers/{sub}/previous-secret"),
        new("POST", "/api/v1/subscribers/{sub}/recover")
        {
            Body = """{"since":"2026-01-01T00:00:00Z"}""",
            Misspelling = ("untill", "until"),
            BadBodies =
            [
                ("since", "{}"),
                ("since", """{"since":null}"""),
                ("since", """{"since":"yesterday"}"""),
                ("since", """{"since":1767225600}"""),
                ("since", """{"since":"9999-12-31T23:59:59.9999999Z"}"""),
                ("until", """{"since":"2026-01-01T00:00:00Z","until":"tomorrow"}"""),
                ("until", """{"since":"2026-01-01T00:00:00Z","until":"2026-01-01T00:00:00Z"}"""),
                ("until", """{"since":"2026-01-01T00:00:00Z","until":"0001-01-01T00:00:00Z"}"""),
            ],
        },
    ];

    // The good fields, but for the bad one, so that nothing else is wrong.
    private static string Complete(string badField, string badJson)
    {
        var fields = new List<string>();
        if (badField != "url")
            fields.Add("\"url\":\"http://127.0.0.1:9/\"");
        if (badField != "events")
            fields.Add("\"events\":[\"*\"]");
        if (badField.Length > 0)
            fields.Add($"\"{NameOf(badField)}\":{badJson}");
        return $"{{{string.Join(',', fields)}}}";
    }

    // What is wrong may be inside a field.
    private static string NameOf(string badField) => badField.Split('.')[0];
}
