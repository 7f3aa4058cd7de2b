using System.Net;

namespace Hookstream.Client;

/// <summary>The server answered with an error: RFC 9457 problem details, or something that is no answer of Hookstream.</summary>
public sealed class HookstreamApiException : Exception
{
    /// <summary>Creates the exception for one answer.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="code">The stable code, one of <see cref="ErrorCodes"/>; null when the answer had none.</param>
    /// <param name="detail">What was wrong, for people.</param>
    /// <param name="errors">Messages by field; empty unless the code is <see cref="ErrorCodes.ValidationFailed"/>.</param>
    /// <param name="requestId">The value of <c>X-Request-Id</c>, to look up in the server's log.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>, when the server gave one.</param>
    /// <param name="innerException">What failed while reading the answer, if something did.</param>
    public HookstreamApiException(
        HttpStatusCode statusCode,
        string? code,
        string detail,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = null,
        string? requestId = null,
        TimeSpan? retryAfter = null,
        Exception? innerException = null)
        : base(Describe(statusCode, code, detail), innerException)
    {
        StatusCode = statusCode;
        Code = code;
        Detail = detail;
        Errors = errors ?? new Dictionary<string, IReadOnlyList<string>>();
        RequestId = requestId;
        RetryAfter = retryAfter;
    }

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The stable code, one of <see cref="ErrorCodes"/>; null when something else than Hookstream answered.</summary>
    public string? Code { get; }

    /// <summary>What was wrong with this request, for people.</summary>
    public string Detail { get; }

    /// <summary>Messages by field, all at once; empty unless <see cref="Code"/> is <see cref="ErrorCodes.ValidationFailed"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; }

    /// <summary>The value of <c>X-Request-Id</c>, which the server's log lines carry too; null when there was none.</summary>
    public string? RequestId { get; }

    /// <summary>How long the server asks to wait before trying again; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string Describe(HttpStatusCode statusCode, string? code, string detail) =>
        code is null ? $"HTTP {(int)statusCode}: {detail}" : $"HTTP {(int)statusCode} {code}: {detail}";
}
