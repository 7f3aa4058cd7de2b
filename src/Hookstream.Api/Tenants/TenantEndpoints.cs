using Hookstream.Api.Json;
using Hookstream.Api.Keys;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Tenants;

/// <summary><c>/api/v1/tenants</c>: the operator's.</summary>
internal sealed class TenantEndpoints(ITenantStore tenants, KeyCalls keys) : IResourceEndpoints
{
    private const string Root = "/api/v1/tenants";
    private const string One = Root + "/{id}";
    private const string Tag = "Tenants";
    private const int MaxName = 128;

    private static readonly Problem NotFound = Problem.NotFound("tenant");

    private static readonly Problem Conflict = new(
        ProblemCode.Conflict, "Another tenant has this external_id.");

    private static readonly Problem IsDefault = new(
        ProblemCode.Conflict,
        "The default tenant cannot be deleted: API_TOKEN is its key, and the next start would make both again. "
        + "It can be suspended, and its subscribers and other keys can be deleted.");

    public void Map(ApiRoutes routes)
    {
        routes.Map(new ApiOperation(HttpMethods.Post, Root, "createTenant", Tag, Access.Admin)
        {
            Summary = "Create a tenant",
            Body = typeof(TenantCreateRequest),
            Status = StatusCodes.Status201Created,
            Answer = typeof(Envelope<TenantResponse>),
            Problems = [ProblemCode.Conflict],
        }, CreateAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, Root, "listTenants", Tag, Access.Admin)
        {
            Summary = "List tenants, newest first",
            Query = QueryReader.Paging,
            Answer = typeof(ListEnvelope<TenantResponse>),
        }, ListAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, One, "getTenant", Tag, Access.Admin)
        {
            Summary = "Get a tenant",
            Answer = typeof(Envelope<TenantResponse>),
        }, GetAsync);
        routes.Map(new ApiOperation(HttpMethods.Patch, One, "updateTenant", Tag, Access.Admin)
        {
            Summary = "Change or suspend a tenant",
            Description = "A merge patch (RFC 7396). `{\"suspended\": true}` refuses its keys until it is lifted.",
            Body = typeof(TenantPatchRequest),
            Answer = typeof(Envelope<TenantResponse>),
            Problems = [ProblemCode.Conflict],
        }, UpdateAsync);
        routes.Map(new ApiOperation(HttpMethods.Delete, One, "deleteTenant", Tag, Access.Admin)
        {
            Summary = "Delete a tenant, its keys and its subscribers",
            Description = "The default tenant, whose key is `API_TOKEN`, can be suspended but not deleted.",
            Status = StatusCodes.Status204NoContent,
            Problems = [ProblemCode.Conflict],
        }, DeleteAsync);
        routes.Map(new ApiOperation(HttpMethods.Post, One + "/keys", "createTenantKey", Tag, Access.Admin)
        {
            Summary = "Create a key for a tenant",
            Description = "The answer shows the key; nothing shows it again.",
            Body = typeof(KeyRequest),
            Status = StatusCodes.Status201Created,
            Answer = typeof(Envelope<KeyResponse>),
        }, call => keys.CreateAsync(call, Named(call), $"{Root}/{Named(call)}/keys"));
        routes.Map(new ApiOperation(HttpMethods.Get, One + "/keys", "listTenantKeys", Tag, Access.Admin)
        {
            Summary = "List a tenant's keys, newest first",
            Query = QueryReader.Paging,
            Answer = typeof(ListEnvelope<KeyResponse>),
        }, call => keys.ListAsync(call, Named(call)));
        routes.Map(new ApiOperation(HttpMethods.Delete, One + "/keys/{key_id}", "revokeTenantKey", Tag, Access.Admin)
        {
            Summary = "Revoke a tenant's key",
            Description = KeyCalls.OnRevoking,
            Status = StatusCodes.Status204NoContent,
            Problems = [ProblemCode.Conflict],
        }, call => keys.RevokeAsync(call, Named(call), "key_id"));
    }

    private static TenantId? Named(ApiCall call) => call.TryGetId<TenantId>(out var id) ? id : null;

    private async Task<IResult> CreateAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(TenantCreateRequest.FieldNames);
        if (fields is null)
            return problem!;
        fields.Require("name");
        var settings = new TenantSettings(
            fields.Text("name", MaxName) ?? "", ExternalId.Read(fields), fields.Object("metadata", Metadata.MaxBytes), false);
        if (call.Errors.Any)
            return call.Errors.ToProblem();

        var outcome = await tenants.CreateAsync(settings, call.Cancellation);
        return outcome.Tenant is not { } created
            ? Conflict
            : Answer.Created($"{Root}/{created.Id}", TenantResponse.Of(created), ApiJson.Shared.EnvelopeTenantResponse);
    }

    private async Task<IResult> ListAsync(ApiCall call)
    {
        var page = call.Query.Page();
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        var found = await tenants.ListAsync(page, call.Cancellation);
        return Answer.List(found, page, TenantResponse.Of, ApiJson.Shared.ListEnvelopeTenantResponse);
    }

    private async Task<IResult> GetAsync(ApiCall call)
    {
        if (!call.TryGetId<TenantId>(out var id) || await tenants.FindAsync(id, call.Cancellation) is not { } found)
            return NotFound;
        return Answer.Ok(TenantResponse.Of(found), ApiJson.Shared.EnvelopeTenantResponse);
    }

    private async Task<IResult> UpdateAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(TenantPatchRequest.FieldNames);
        if (fields is null)
            return problem!;
        if (fields.Has("name"))
            fields.Require("name");
        var name = fields.Text("name", MaxName);
        var externalId = ExternalId.Read(fields);
        var metadata = fields.Object("metadata", Metadata.MaxBytes);
        var suspended = fields.Boolean("suspended");
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (!call.TryGetId<TenantId>(out var id))
            return NotFound;

        var tooLarge = false;
        var outcome = await tenants.UpdateAsync(id, Apply, call.Cancellation);
        if (tooLarge)
        {
            call.Errors.Add("metadata", $"must not be larger than {Metadata.MaxBytes} bytes when merged");
            return call.Errors.ToProblem();
        }

        if (outcome.Conflict)
            return Conflict;
        return outcome.Tenant is { } updated
            ? Answer.Ok(TenantResponse.Of(updated), ApiJson.Shared.EnvelopeTenantResponse)
            : NotFound;

        TenantSettings Apply(TenantSettings settings)
        {
            var changed = new TenantSettings(
                name ?? settings.Name,
                fields.Has("external_id") ? externalId : settings.ExternalId,
                fields.Has("metadata") ? Metadata.Merge(settings.Metadata, metadata) : settings.Metadata,
                fields.Has("suspended") ? suspended ?? false : settings.Suspended);
            tooLarge = !Metadata.Fits(changed.Metadata);
            return tooLarge ? settings : changed;
        }
    }

    private async Task<IResult> DeleteAsync(ApiCall call)
    {
        if (!call.TryGetId<TenantId>(out var id))
            return NotFound;
        return await tenants.DeleteAsync(id, call.Cancellation) switch
        {
            RemovalOutcome.Removed => Answer.NoContent,
            RemovalOutcome.Configured => IsDefault,
            _ => NotFound,
        };
    }
}
