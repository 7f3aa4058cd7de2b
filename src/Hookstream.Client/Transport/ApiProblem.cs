using System.Text.Json;

namespace Hookstream.Client.Transport;

internal static class ApiProblem
{
    public static async Task<HookstreamApiException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Parse(response, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));

    public static HookstreamApiException Parse(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, ApiJsonContext.Default.ProblemDocument) is { } problem)
            {
                return new HookstreamApiException(
                    response.StatusCode,
                    problem.Code,
                    problem.Detail ?? problem.Title ?? Reason(response),
                    problem.Errors?.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value),
                    RequestId(response),
                    RetryAfter(response));
            }
        }
        catch (JsonException exception)
        {
            return new HookstreamApiException(
                response.StatusCode, null, Reason(response), null, RequestId(response), RetryAfter(response), exception);
        }

        return new HookstreamApiException(
            response.StatusCode, null, Reason(response), null, RequestId(response), RetryAfter(response));
    }

    public static HookstreamApiException NotUnderstood(HttpResponseMessage response, Exception? cause) =>
        new(
            response.StatusCode,
            null,
            $"{response.RequestMessage?.RequestUri} answered something that is no answer of Hookstream",
            null,
            RequestId(response),
            null,
            cause);

    private static string Reason(HttpResponseMessage response) =>
        $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase} without saying why";

    private static string? RequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Request-Id", out var values) ? values.FirstOrDefault() : null;

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
