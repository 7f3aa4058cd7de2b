using Hookstream.EndToEnd.Tests.Api;

namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>What can be wrong with any call but its body: who calls, how, and with which ids and parameters.</summary>
internal static class Mistakes
{
    private static readonly string[] BadLimits = ["0", "101", "-1", "abc", "", "1.5", "99999999999", "1e1", "%2010"];

    public static IEnumerable<Mistake> Of(Call call) =>
        [.. Caller(call), .. Parameters(call), .. Ids(call), .. call.Body is null ? [] : BodyMistakes.Of(call)];

    private static IEnumerable<Mistake> Caller(Call call)
    {
        yield return new Mistake(
            "no token",
            tenants => tenants.Anonymous.SendAsync(call.Method, tenants.PathOf(call), ApiClient.Json(call.Body)),
            answer => answer.ShouldBeProblem(401, "unauthorized"));
        yield return new Mistake(
            "wrong token",
            tenants => new ApiClient(tenants.Server.Http, "hk_wrong")
                .SendAsync(call.Method, tenants.PathOf(call), ApiClient.Json(call.Body)),
            answer => answer.ShouldBeProblem(401, "unauthorized"));
        yield return new Mistake(
            "wrong scheme",
            tenants => tenants.Anonymous.SendAsync(
                call.Method, tenants.PathOf(call), ApiClient.Json(call.Body), ("Authorization", "Basic aGs6aGs=")),
            answer => answer.ShouldBeProblem(401, "unauthorized"));
        yield return new Mistake(
            "wrong method",
            tenants => tenants.ClientOf(call).SendAsync("PUT", tenants.PathOf(call), ApiClient.Json(call.Body)),
            answer =>
            {
                answer.ShouldBeProblem(405, "method_not_allowed");
                answer.Headers["Allow"].Split(", ").ShouldContain(call.Method);
            });
    }

    private static IEnumerable<Mistake> Parameters(Call call)
    {
        yield return BadQuery(call, "surprise=1");
        foreach (var query in call.BadQueries)
            yield return BadQuery(call, query);
        if (!call.List)
            yield break;

        foreach (var limit in BadLimits)
            yield return BadQuery(call, $"limit={limit}");
        yield return BadQuery(call, "cursor=nonsense!");
        yield return BadQuery(call, "cursor=AAAA");
        yield return new Mistake(
            "misspelt parameter",
            tenants => SendAsync(tenants, call, tenants.PathOf(call) + "?limt=5"),
            answer => answer.ShouldBeProblem(400, "validation_failed", "limt").ToString().ShouldContain("limit"));
    }

    private static IEnumerable<Mistake> Ids(Call call)
    {
        for (var i = 0; i < call.PathIds.Count; i++)
        {
            var position = i;
            var prefix = call.PathIds[i];
            var suffix = TwoTenants.MissingId(prefix)[(prefix.Length + 1)..];
            string[] wrong =
            [
                TwoTenants.MissingId(prefix), "1", "nonsense", prefix, prefix + "_", $"{prefix}_short", $"xyz_{suffix}", suffix,
                $"{prefix}_{suffix.ToUpperInvariant()}", $"{prefix}_8{suffix[1..]}", $"{prefix}_{suffix}0", $"{prefix}_%C3%B6",
                new string('a', 2000), Guid.Empty.ToString(),
            ];
            foreach (var id in wrong)
            {
                yield return NotFound(
                    call, $"id {i} is {(id.Length > 40 ? id[..40] + "…" : id)}", tenants => tenants.PathOf(call, position, id));
            }

            if (prefix != "ten")
                yield return NotFound(call, $"id {i} of another tenant", tenants => tenants.PathOf(call, position, tenants.OtherIds[prefix]));
        }
    }

    private static Mistake NotFound(Call call, string name, Func<TwoTenants, string> path) => new(
        name, tenants => SendAsync(tenants, call, path(tenants)), answer => answer.ShouldBeProblem(404, "not_found"));

    private static Mistake BadQuery(Call call, string query) => new(
        $"?{query}",
        tenants => SendAsync(tenants, call, $"{tenants.PathOf(call)}?{query}"),
        answer => answer.ShouldBeProblem(400, "validation_failed", query.Split('=')[0]));

    private static Task<ApiAnswer> SendAsync(TwoTenants tenants, Call call, string path) =>
        tenants.ClientOf(call).SendAsync(call.Method, path, ApiClient.Json(call.Body));
}
