using System.Globalization;
using System.Net;

namespace Hookstream.Delivery.Sending;

/// <summary>Signs and sends one request and reads its answer, inside one deadline. Never throws for what the endpoint does.</summary>
internal sealed class WebhookSender
{
    private const int MaxResponseHeaders = 8 * 1024;

    private readonly DeadlinePool _deadlines;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly EndpointTransport _transport;
    private readonly string _userAgent;

    public WebhookSender(EndpointTransport transport, DeliveryOptions options, TimeProvider time)
    {
        _transport = transport;
        _options = options;
        _time = time;
        _deadlines = new DeadlinePool(time);
        _userAgent = "Hookstream/" + options.Version;
    }

    /// <summary>Sends.</summary>
    /// <param name="message">What to send.</param>
    /// <param name="keep">How many bytes of the response's body the caller wants.</param>
    /// <param name="interrupt">Cuts the request off; the attempt then reads as interrupted.</param>
    public async Task<SendResult> SendAsync(WebhookMessage message, int keep, CancellationToken interrupt)
    {
        var timeout = message.Endpoint.Subscriber.Settings.Timeout ?? _options.Timeout;
        var startedAt = _options.Now(_time);
        var started = _time.GetTimestamp();
        var request = WebhookRequest.Of(message, _userAgent, startedAt);
        var deadline = _deadlines.Start(timeout);
        var interruption = interrupt.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        HttpResponseMessage? response = null;
        try
        {
            response = await _transport.SendAsync(request.Http, deadline.Token).ConfigureAwait(false);
            // After 101 the connection belongs to another protocol; there is no body to wait for.
            var body = response.StatusCode == HttpStatusCode.SwitchingProtocols
                ? default
                : await ResponseBody.ReadAsync(response.Content, keep, deadline.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            var delivered = status is >= 200 and < 300;
            var headers = message.Endpoint.Subscriber.Settings.Headers;
            var truncated = body.Truncated || body.Kept.Length > Attempt.MaxResponseBody;
            var kept = body.Kept.Length <= Attempt.MaxResponseBody ? body.Kept : body.Kept[..Attempt.MaxResponseBody];
            var attempt = new Attempt
            {
                Id = AttemptId.New(startedAt),
                Number = message.Number,
                Trigger = message.Trigger,
                StartedAt = startedAt,
                Duration = _time.GetElapsedTime(started),
                Outcome = delivered ? AttemptOutcome.Delivered : AttemptOutcome.HttpStatus,
                StatusCode = status,
                Error = delivered ? null : Describe(status),
                RequestHeaders = request.Headers,
                ResponseHeaders = HeadersOf(response, headers),
                ResponseBody = EchoedHeaders.Redact(kept, truncated, headers),
                ResponseTruncated = truncated,
            };
            return new SendResult(attempt, RetryAfterHeader.Of(response, startedAt + attempt.Duration), body.Kept);
        }
        catch (Exception exception)
        {
            var failure = Classify(exception, response, timeout, deadline.IsCancellationRequested, interrupt);
            return new SendResult(
                new Attempt
                {
                    Id = AttemptId.New(startedAt),
                    Number = message.Number,
                    Trigger = message.Trigger,
                    StartedAt = startedAt,
                    Duration = _time.GetElapsedTime(started),
                    Outcome = failure.Outcome,
                    StatusCode = response is null ? null : (int)response.StatusCode,
                    Error = failure.Message,
                    RequestHeaders = request.Headers,
                    ResponseHeaders = response is null ? default : HeadersOf(response, message.Endpoint.Subscriber.Settings.Headers),
                },
                null,
                default);
        }
        finally
        {
            await interruption.DisposeAsync().ConfigureAwait(false);
            response?.Dispose();
            request.Http.Dispose();
            _deadlines.Return(deadline);
        }
    }

    private static SendFailure Classify(
        Exception exception,
        HttpResponseMessage? response,
        TimeSpan timeout,
        bool expired,
        CancellationToken interrupt)
    {
        if (interrupt.IsCancellationRequested)
            return new SendFailure(AttemptOutcome.Interrupted, "cut off by a shutdown");
        if (!expired)
            return SendFailure.Of(exception);
        var what = response is null ? "no answer" : "no complete answer";
        return new SendFailure(
            AttemptOutcome.Timeout,
            string.Create(CultureInfo.InvariantCulture, $"{what} within {timeout.TotalSeconds:0.###} s"));
    }

    private static string Describe(int status) => status is >= 300 and < 400 and not 304
        ? $"the endpoint answered {status}, a redirect; redirects are not followed"
        : $"the endpoint answered {status}";

    private static byte[] HeadersOf(HttpResponseMessage response, CustomHeaders sent)
    {
        var json = new HeaderJson(MaxResponseHeaders);
        foreach (var (name, values) in response.Headers.NonValidated)
            json.Add(name, EchoedHeaders.Redact(values.ToString(), sent));
        foreach (var (name, values) in response.Content.Headers.NonValidated)
            json.Add(name, EchoedHeaders.Redact(values.ToString(), sent));
        return json.Finish();
    }
}
