using System.Net;
using System.Net.Http.Headers;
using Hookstream.Core.Retries;

namespace Hookstream.Delivery.Sending;

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfterHeader
{
    /// <summary>What a 429 or 503 asks for; null: nothing, or nothing that can be read.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || !response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
            return null;
        return Parse(values.ToString(), now);
    }

    internal static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        var trimmed = text.Trim();
        // More digits than the header's own parser takes still say "very long".
        if (trimmed.Length > 9 && !trimmed.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return RetryPolicy.MaxRetryAfter;
        if (!RetryConditionHeaderValue.TryParse(trimmed, out var parsed))
            return null;
        var wait = parsed.Delta ?? (parsed.Date - now) ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : null;
    }
}
