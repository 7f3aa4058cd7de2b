using System.Security.Cryptography;
using System.Text;
using Hookstream.Delivery.Sending;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Challenges;

/// <summary>Sends single requests outside the queue: the challenge and test events.</summary>
internal sealed class EndpointProbe(
    WebhookSender sender,
    ISubscriberStore subscribers,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<EndpointProbe> logger) : IEndpointProbe
{
    private static readonly EventType ChallengeType = EventType.FromStore("webhook.verify");
    private static readonly EventType TestType = EventType.FromStore("hookstream.test");

    private static readonly byte[] TestPayload =
        """{"message":"This is a test event from Hookstream. Nothing happened, and nothing is stored."}"""u8.ToArray();

    /// <summary>Sends the challenge and records a success; a failure by hand leaves the background schedule as it is.</summary>
    public async Task<ChallengeResult> ChallengeAsync(EndpointSnapshot endpoint, CancellationToken cancellation)
    {
        var result = await SendChallengeAsync(endpoint, cancellation).ConfigureAwait(false);
        if (result.Verified)
            await RecordAsync(endpoint, true, 0, null, cancellation).ConfigureAwait(false);
        return result;
    }

    public async Task<Attempt> TestAsync(EndpointSnapshot endpoint, CancellationToken cancellation)
    {
        var format = endpoint.Subscriber.Settings.PayloadFormat;
        var message = MessageTo(endpoint, TestType, TestPayload, format, AttemptTrigger.Test);
        var result = await sender.SendAsync(message, Attempt.MaxResponseBody, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        logger.TestSent(endpoint.Id, result.Attempt.Outcome.ToCode(), result.Attempt.StatusCode);
        return result.Attempt;
    }

    /// <summary>Sends the challenge and records nothing.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the answer was there.</exception>
    public async Task<ChallengeResult> SendChallengeAsync(EndpointSnapshot endpoint, CancellationToken cancellation)
    {
        var challenge = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var body = Encoding.ASCII.GetBytes($$"""{"type":"webhook.verify","challenge":"{{challenge}}"}""");
        var message = MessageTo(endpoint, ChallengeType, body, PayloadFormat.Raw, AttemptTrigger.Schedule);
        var result = await sender.SendAsync(message, ChallengeAnswer.MaxLength + 1, cancellation).ConfigureAwait(false);
        if (result.Attempt.Outcome == AttemptOutcome.Interrupted)
            throw new OperationCanceledException(cancellation);
        var problem = ChallengeAnswer.ProblemOf(result, challenge);
        logger.ChallengeSent(endpoint.Id, problem is null, result.Attempt.StatusCode, problem);
        return new ChallengeResult(problem is null, result.Attempt, problem);
    }

    /// <summary>Records what came of a challenge.</summary>
    public Task<Subscriber?> RecordAsync(
        EndpointSnapshot endpoint, bool verified, int failuresBefore, TimeSpan? retryIn, CancellationToken cancellation) =>
        subscribers.RecordChallengeAsync(
            endpoint.Subscriber.Tenant,
            endpoint.Id,
            endpoint.Subscriber.Settings.Url,
            verified,
            failuresBefore,
            retryIn,
            cancellation);

    private WebhookMessage MessageTo(
        EndpointSnapshot endpoint, EventType type, byte[] payload, PayloadFormat format, AttemptTrigger trigger)
    {
        var now = options.Now(time);
        return new WebhookMessage
        {
            Endpoint = endpoint,
            Event = EventId.New(now),
            Delivery = DeliveryId.New(now),
            Type = type,
            EventTimestamp = now,
            Payload = payload,
            Format = format,
            Number = 1,
            Trigger = trigger,
        };
    }
}
