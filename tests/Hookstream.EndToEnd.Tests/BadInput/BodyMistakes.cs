using System.Text;
using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Api;

namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>What can be wrong with a call's body.</summary>
internal static partial class BodyMistakes
{
    private const int TenMegabytes = 10 * 1024 * 1024;
    private const int Depth = 10_000;

    // Where the reader stops first is its own affair when several things are wrong at once.
    private const string Malformed = "invalid_json|validation_failed";

    public static IEnumerable<Mistake> Of(Call call) => [.. Syntax(call), .. Sizes(call), .. Types(call), .. Fields(call)];

    private static IEnumerable<Mistake> Syntax(Call call)
    {
        yield return InvalidJson(call, "a bare word", call.Body![..^1] + (call.Body == "{}" ? "" : ",") + "\"a\":nope}");
        yield return InvalidJson(call, "truncated", call.Body[..^1]);
        yield return InvalidJson(call, "a trailing comma", call.Body[..^1] + ",}");
        yield return InvalidJson(call, "a comment", "/* hello */" + call.Body);
        yield return InvalidJson(call, "something after the end", call.Body + "{}");
        yield return InvalidJson(call, "no JSON", "type=order.paid");

        yield return Bad(call, "an array", "[]", Malformed);
        yield return Bad(call, "a string", "\"{}\"", Malformed);
        yield return Bad(call, "null", "null", Malformed);
        if (!call.BodyOptional)
            yield return Bad(call, "an empty body", "", Malformed);

        if (call.Body.Contains("\":\"", StringComparison.Ordinal))
        {
            yield return Bad(call, "invalid UTF-8", WithFirstString(call.Body, [0xff, 0xfe]), Malformed);
            yield return Bad(call, "a truncated UTF-8 sequence", WithFirstString(call.Body, [0xe2, 0x82]), Malformed);
            yield return Bad(call, "a lone surrogate", WithFirstString(call.Body, "\\ud800"u8), Malformed);
        }

        yield return Bad(call, "invalid UTF-8 in a name", WithFirstName(call.Body, [0xff]), Malformed);
        yield return Bad(call, "a lone surrogate in a name", WithFirstName(call.Body, "\\ud800"u8), Malformed);
    }

    private static IEnumerable<Mistake> Sizes(Call call)
    {
        yield return new Mistake(
            "a body of 10 MB",
            tenants => SendAsync(tenants, call, With(call, $"\"padding\":\"{new string('a', TenMegabytes)}\"")),
            answer => answer.ShouldBeProblem(413, "payload_too_large"));
        yield return Bad(call, "10,000 arrays", With(call, $"\"deep\":{new string('[', Depth)}{new string(']', Depth)}"), "payload_too_deep");
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth);
        yield return Bad(call, "10,000 objects", With(call, $"\"deep\":{objects}"), "payload_too_deep");
    }

    private static IEnumerable<Mistake> Types(Call call)
    {
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/xml" })
        {
            yield return new Mistake(
                $"content type {type}",
                tenants => tenants.ClientOf(call).SendAsync(call.Method, tenants.PathOf(call), ApiClient.Json(call.Body, type)),
                answer => answer.ShouldBeProblem(415, "unsupported_media_type"));
        }
    }

    private static IEnumerable<Mistake> Fields(Call call)
    {
        yield return Bad(call, "an unknown field", With(call, "\"zzqqxx\":1"), "validation_failed", "zzqqxx");
        if (call.Misspelling is { } misspelling)
        {
            yield return new Mistake(
                $"{misspelling.Misspelt} for {misspelling.Meant}",
                tenants => SendAsync(tenants, call, With(call, $"\"{misspelling.Misspelt}\":\"x\"")),
                answer => NearestName(answer.ShouldBeProblem(400, "validation_failed", misspelling.Misspelt).ToString(), misspelling.Meant));
        }

        foreach (var (field, body) in call.BadBodies)
        {
            yield return Bad(
                call, body.Length > 100 ? $"{body[..60]}… of {body.Length}" : body, body, "validation_failed", field);
        }
    }

    private static void NearestName(string problem, string meant) =>
        Regex.IsMatch(problem, $@"\b{meant}\b").ShouldBeTrue($"the nearest name, {meant}, is not in {problem}");

    private static Mistake InvalidJson(Call call, string name, string body) => new(
        name,
        tenants => SendAsync(tenants, call, body),
        answer =>
        {
            var detail = answer.ShouldBeProblem(400, "invalid_json").Text("detail");
            Position().IsMatch(detail).ShouldBeTrue($"{answer.Call}: no position in '{detail}'");
        });

    private static Mistake Bad(Call call, string name, object body, string code, params string[] fields) => new(
        name, tenants => SendAsync(tenants, call, body), answer => answer.ShouldBeProblem(400, code, fields));

    private static Task<ApiAnswer> SendAsync(TwoTenants tenants, Call call, object body) =>
        tenants.ClientOf(call).SendAsync(call.Method, tenants.PathOf(call), ApiClient.Json(body));

    private static string With(Call call, string field) =>
        call.Body![..^1] + (call.Body == "{}" ? "" : ",") + field + "}";

    private static byte[] WithFirstString(string body, ReadOnlySpan<byte> inserted) =>
        Insert(body, body.IndexOf("\":\"", StringComparison.Ordinal) + 3, inserted);

    private static byte[] WithFirstName(string body, ReadOnlySpan<byte> inserted) => body == "{}"
        ? [.. "{\""u8, .. inserted, .. "\":1}"u8]
        : Insert(body, 2, inserted);

    private static byte[] Insert(string body, int position, ReadOnlySpan<byte> inserted) =>
        [.. Encoding.UTF8.GetBytes(body[..position]), .. inserted, .. Encoding.UTF8.GetBytes(body[position..])];

    [GeneratedRegex(@"(line|byte|position|column|offset|character)\D{0,20}\d+", RegexOptions.IgnoreCase)]
    private static partial Regex Position();
}
