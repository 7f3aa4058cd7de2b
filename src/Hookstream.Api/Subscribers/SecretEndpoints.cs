using Hookstream.Api.Json;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Subscribers;

/// <summary><c>/api/v1/subscribers/{id}/…</c>: replacing a signing secret without a delivery failing.</summary>
internal sealed class SecretEndpoints(ISubscriberStore subscribers) : IResourceEndpoints
{
    private const int DefaultGraceSeconds = 86_400;
    private const int MaxGraceSeconds = 30 * 86_400;

    public void Map(ApiRoutes routes)
    {
        const string One = SubscriberEndpoints.Root + "/{id}";
        const string Tag = SubscriberEndpoints.Tag;
        routes.Map(new ApiOperation(HttpMethods.Post, One + "/rotate-secret", "rotateSecret", Tag, Access.Manage)
        {
            Summary = "Replace the signing secret",
            Description = "The answer shows the new secret; nothing shows it again. Until the grace period ends the secret before it "
                + "signs as well; of three, the oldest is dropped.",
            Body = typeof(SecretRotationRequest),
            BodyOptional = true,
            Answer = typeof(Envelope<SecretRotationResponse>),
        }, RotateAsync);
        routes.Map(new ApiOperation(HttpMethods.Delete, One + "/previous-secret", "endGracePeriod", Tag, Access.Manage)
        {
            Summary = "End the grace period of the secret before the newest",
            Status = StatusCodes.Status204NoContent,
        }, EndAsync);
    }

    private async Task<IResult> RotateAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(SecretRotationRequest.FieldNames, optional: true);
        if (fields is null)
            return problem!;
        var secret = SecretFields.Read(fields);
        var grace = TimeSpan.FromSeconds(fields.Integer("grace_period_seconds", 0, MaxGraceSeconds) ?? DefaultGraceSeconds);
        if (call.Errors.Any)
            return call.Errors.ToProblem();

        if (!call.TryGetId<SubscriberId>(out var id)
            || await subscribers.RotateSecretAsync(call.Tenant, id, secret, grace, call.Cancellation) is not { } live)
            return SubscriberEndpoints.NotFound;
        return Answer.Ok(
            new SecretRotationResponse(live.Current.Text, live.PreviousExpiresAt),
            ApiJson.Shared.EnvelopeSecretRotationResponse,
            "Keep the secret: it is not shown again.");
    }

    private async Task<IResult> EndAsync(ApiCall call) =>
        call.TryGetId<SubscriberId>(out var id) && await subscribers.EndGracePeriodAsync(call.Tenant, id, call.Cancellation)
            ? Answer.NoContent
            : SubscriberEndpoints.NotFound;
}
