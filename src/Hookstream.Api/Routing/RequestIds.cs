namespace Hookstream.Api.Routing;

/// <summary>Gives every answer an <c>X-Request-Id</c>: the caller's own, where it sent a sane one.</summary>
internal static class RequestIds
{
    private const string Header = "X-Request-Id";
    private const int MaxLength = 128;

    public static void Assign(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(Header, out var given) && given.Count == 1 && IsSane(given[0]))
            context.TraceIdentifier = given[0]!;
        context.Response.Headers[Header] = context.TraceIdentifier;
    }

    private static bool IsSane(string? id) =>
        id is { Length: > 0 and <= MaxLength } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
