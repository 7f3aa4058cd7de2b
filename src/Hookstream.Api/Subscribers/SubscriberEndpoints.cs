using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Subscribers;

/// <summary><c>/api/v1/subscribers</c>: making, reading, changing and deleting them.</summary>
internal sealed class SubscriberEndpoints(ISubscriberStore subscribers, ApiOptions options, TimeProvider time) : IResourceEndpoints
{
    public const string Root = "/api/v1/subscribers";
    public const string Tag = "Subscribers";

    public static readonly Problem NotFound = Problem.NotFound("subscriber");

    public void Map(ApiRoutes routes)
    {
        routes.Map(new ApiOperation(HttpMethods.Post, Root, "createSubscriber", Tag, Access.Manage)
        {
            Summary = "Create a subscriber",
            Description = "The answer shows the signing secret; nothing shows it again. A challenge is sent in the background.",
            Body = typeof(SubscriberCreateRequest),
            Status = StatusCodes.Status201Created,
            Answer = typeof(Envelope<SubscriberResponse>),
        }, CreateAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, Root, "listSubscribers", Tag, Access.Read)
        {
            Summary = "List subscribers, newest first",
            Query = QueryReader.Paging,
            Answer = typeof(ListEnvelope<SubscriberResponse>),
        }, ListAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, Root + "/{id}", "getSubscriber", Tag, Access.Read)
        {
            Summary = "Get a subscriber",
            Answer = typeof(Envelope<SubscriberResponse>),
        }, GetAsync);
        routes.Map(new ApiOperation(HttpMethods.Patch, Root + "/{id}", "updateSubscriber", Tag, Access.Manage)
        {
            Summary = "Change a subscriber",
            Description = "A merge patch (RFC 7396). A new `url` asks for verification again and serves what is not yet sent.",
            Body = typeof(SubscriberPatchRequest),
            Answer = typeof(Envelope<SubscriberResponse>),
        }, UpdateAsync);
        routes.Map(new ApiOperation(HttpMethods.Delete, Root + "/{id}", "deleteSubscriber", Tag, Access.Manage)
        {
            Summary = "Delete a subscriber and cancel its pending deliveries",
            Status = StatusCodes.Status204NoContent,
        }, DeleteAsync);
    }

    private async Task<IResult> CreateAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(SubscriberCreateRequest.FieldNames);
        if (fields is null)
            return problem!;
        fields.Require("url");
        fields.Require(fields.Has("event_types") && !fields.Has("events") ? "event_types" : "events");
        var change = SubscriberFields.Read(fields, options);
        var secret = SecretFields.Read(fields);
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (EndpointUrl.Forbid(change.Url!, options) is { } forbidden)
            return forbidden;

        var created = await subscribers.CreateAsync(call.Tenant, change.ToSettings(), secret, call.Cancellation);
        return Answer.Created(
            $"{Root}/{created.Id}",
            SubscriberResponse.Of(created, time.GetUtcNow()) with { Secret = secret.Text },
            ApiJson.Shared.EnvelopeSubscriberResponse,
            "Keep the secret: it is not shown again.");
    }

    private async Task<IResult> ListAsync(ApiCall call)
    {
        var page = call.Query.Page();
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        var found = await subscribers.ListAsync(call.Tenant, page, call.Cancellation);
        return Answer.List(found, page, subscriber => SubscriberResponse.Of(subscriber, time.GetUtcNow()), ApiJson.Shared.ListEnvelopeSubscriberResponse);
    }

    private async Task<IResult> GetAsync(ApiCall call)
    {
        if (!call.TryGetId<SubscriberId>(out var id)
            || await subscribers.FindAsync(call.Tenant, id, call.Cancellation) is not { } found)
            return NotFound;
        return Answer.Ok(SubscriberResponse.Of(found, time.GetUtcNow()), ApiJson.Shared.EnvelopeSubscriberResponse);
    }

    private async Task<IResult> UpdateAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(SubscriberPatchRequest.FieldNames, elsewhere: SubscriberPatchRequest.Elsewhere);
        if (fields is null)
            return problem!;
        foreach (var name in (string[])["url", "events", "event_types"])
        {
            if (fields.Has(name))
                fields.Require(name);
        }

        var change = SubscriberFields.Read(fields, options);
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (change.Url is { } url && EndpointUrl.Forbid(url, options) is { } forbidden)
            return forbidden;
        if (!call.TryGetId<SubscriberId>(out var id))
            return NotFound;

        var (field, fault) = ("", (string?)null);
        var updated = await subscribers.UpdateAsync(call.Tenant, id, Apply, call.Cancellation);
        if (fault is not null)
        {
            call.Errors.Add(field, fault + " when merged");
            return call.Errors.ToProblem();
        }

        return updated is null
            ? NotFound
            : Answer.Ok(SubscriberResponse.Of(updated, time.GetUtcNow()), ApiJson.Shared.EnvelopeSubscriberResponse);

        SubscriberSettings Apply(SubscriberSettings settings)
        {
            var changed = change.Apply(settings);
            (field, fault) = Metadata.Fits(changed.Metadata)
                ? ("headers", changed.Headers.Fault)
                : ("metadata", $"must not be larger than {Metadata.MaxBytes} bytes");
            return fault is null ? changed : settings;
        }
    }

    private async Task<IResult> DeleteAsync(ApiCall call) =>
        call.TryGetId<SubscriberId>(out var id) && await subscribers.DeleteAsync(call.Tenant, id, call.Cancellation)
            ? Answer.NoContent
            : NotFound;
}
