namespace Hookstream.Client;

/// <summary>The closed list of codes that the API's problem details carry.</summary>
public static class ErrorCodes
{
    /// <summary>400: the body is no JSON; the detail gives the position.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>400: one or more fields or parameters are wrong; <see cref="HookstreamApiException.Errors"/> names them all.</summary>
    public const string ValidationFailed = "validation_failed";

    /// <summary>401: no key, or a wrong one.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>403: the key lacks the scope.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>403: the tenant is suspended.</summary>
    public const string TenantSuspended = "tenant_suspended";

    /// <summary>404: no such thing, or another tenant's.</summary>
    public const string NotFound = "not_found";

    /// <summary>405: the route exists, but not with this method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>409: the idempotency key was used within 24 h for another event.</summary>
    public const string IdempotencyConflict = "idempotency_conflict";

    /// <summary>409: the state of the thing forbids it.</summary>
    public const string Conflict = "conflict";

    /// <summary>409: the delivery is being sent right now.</summary>
    public const string DeliveryInFlight = "delivery_in_flight";

    /// <summary>413: payload or batch larger than the server accepts.</summary>
    public const string PayloadTooLarge = "payload_too_large";

    /// <summary>400: nesting deeper than 64.</summary>
    public const string PayloadTooDeep = "payload_too_deep";

    /// <summary>415: the content type is not JSON.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>400: the subscriber's URL is one that the server does not deliver to.</summary>
    public const string UrlForbidden = "url_forbidden";

    /// <summary>400: the endpoint did not answer the challenge; the detail says what came back.</summary>
    public const string VerificationFailed = "verification_failed";

    /// <summary>429: too many requests.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>501: the server has no AI provider.</summary>
    public const string AiNotConfigured = "ai_not_configured";

    /// <summary>502: the AI model gave no answer that is of use; the detail says why.</summary>
    public const string AiFailed = "ai_failed";

    /// <summary>504: the AI model took too long.</summary>
    public const string AiTimeout = "ai_timeout";

    /// <summary>503: overloaded or without its store; try again after <see cref="HookstreamApiException.RetryAfter"/>.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>500: a fault of the server.</summary>
    public const string Internal = "internal";
}
