namespace Hookstream.Api.Problems;

/// <summary>The closed list of ways in which a call fails, each with its status.</summary>
internal sealed record ProblemCode(string Name, int Status, string Title)
{
    public static readonly ProblemCode InvalidJson = new("invalid_json", 400, "The body is not valid JSON");
    public static readonly ProblemCode ValidationFailed = new("validation_failed", 400, "The request is not valid");
    public static readonly ProblemCode PayloadTooDeep = new("payload_too_deep", 400, "The JSON is nested too deeply");
    public static readonly ProblemCode UrlForbidden = new("url_forbidden", 400, "This URL may not be delivered to");
    public static readonly ProblemCode VerificationFailed =
        new("verification_failed", 400, "The endpoint did not answer the challenge");
    public static readonly ProblemCode Unauthorized = new("unauthorized", 401, "A valid key is needed");
    public static readonly ProblemCode Forbidden = new("forbidden", 403, "This key may not do that");
    public static readonly ProblemCode TenantSuspended = new("tenant_suspended", 403, "The tenant is suspended");
    public static readonly ProblemCode NotFound = new("not_found", 404, "Not found");
    public static readonly ProblemCode MethodNotAllowed = new("method_not_allowed", 405, "Method not allowed");
    public static readonly ProblemCode Conflict = new("conflict", 409, "This conflicts with what is there");
    public static readonly ProblemCode IdempotencyConflict =
        new("idempotency_conflict", 409, "The idempotency key was used for another event");
    public static readonly ProblemCode DeliveryInFlight = new("delivery_in_flight", 409, "The delivery is being sent");
    public static readonly ProblemCode PayloadTooLarge = new("payload_too_large", 413, "The body is too large");
    public static readonly ProblemCode UnsupportedMediaType =
        new("unsupported_media_type", 415, "The content type is not supported");
    public static readonly ProblemCode RateLimited = new("rate_limited", 429, "Too many requests");
    public static readonly ProblemCode Internal = new("internal", 500, "Something went wrong here");
    public static readonly ProblemCode AiNotConfigured = new("ai_not_configured", 501, "No AI provider is configured");
    public static readonly ProblemCode AiFailed = new("ai_failed", 502, "The AI model gave no diagnosis");
    public static readonly ProblemCode AiTimeout = new("ai_timeout", 504, "The AI model took too long");
    public static readonly ProblemCode Unavailable = new("unavailable", 503, "Not available right now");

    /// <summary>RFC 9457 wants a URI that names the kind of problem; it need not be one that can be fetched.</summary>
    public string Type { get; } = "urn:hookstream:problem:" + Name;
}
