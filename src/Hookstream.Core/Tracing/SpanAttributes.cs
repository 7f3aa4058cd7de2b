namespace Hookstream.Core.Tracing;

/// <summary>
/// The names of the spans' attributes: the words of the log's lines behind <c>hookstream.</c>, and those of OpenTelemetry's conventions
/// where it has one.
/// </summary>
public static class SpanAttributes
{
    /// <summary>The tenant's id.</summary>
    public const string Tenant = "hookstream.tenant";

    /// <summary>The event's id.</summary>
    public const string Event = "hookstream.event";

    /// <summary>The event's type.</summary>
    public const string EventType = "hookstream.event_type";

    /// <summary>The delivery's id.</summary>
    public const string Delivery = "hookstream.delivery";

    /// <summary>The subscriber's id.</summary>
    public const string Endpoint = "hookstream.endpoint";

    /// <summary>The attempt's number.</summary>
    public const string Attempt = "hookstream.attempt";

    /// <summary>Why the attempt was made.</summary>
    public const string Trigger = "hookstream.trigger";

    /// <summary>What came of the attempt.</summary>
    public const string Outcome = "hookstream.outcome";

    /// <summary>How many events of a batch were accepted.</summary>
    public const string Accepted = "hookstream.accepted";

    /// <summary>The request's <c>X-Request-Id</c>.</summary>
    public const string RequestId = "hookstream.request_id";

    /// <summary>How many events a batch has.</summary>
    public const string BatchSize = "messaging.batch.message_count";

    /// <summary>The request's method.</summary>
    public const string Method = "http.request.method";

    /// <summary>The template of the API's route.</summary>
    public const string Route = "http.route";

    /// <summary>The answer's status.</summary>
    public const string StatusCode = "http.response.status_code";

    /// <summary>The host of the endpoint's URL.</summary>
    public const string ServerAddress = "server.address";

    /// <summary>The port of the endpoint's URL.</summary>
    public const string ServerPort = "server.port";

    /// <summary>The outcome of an attempt that failed, or the code of the problem that a request was refused with.</summary>
    public const string ErrorType = "error.type";
}
