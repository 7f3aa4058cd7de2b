using System.Text.Json;
using Hookstream.Api.Authentication;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Keys;

/// <summary>Keys of a tenant: what a tenant does with its own, and the operator with anybody's.</summary>
internal sealed class KeyCalls(ITenantStore tenants, TimeProvider clock)
{
    public const string OnRevoking = "The key that is `API_TOKEN` is revoked by changing that setting, not here.";

    private const int MaxName = 128;

    private static readonly Problem NotFound = Problem.NotFound("key");
    private static readonly Problem NoTenant = Problem.NotFound("tenant");

    private static readonly Problem IsConfigured = new(
        ProblemCode.Conflict,
        "This key is API_TOKEN (or was generated for want of one) and would be back at the next start; change API_TOKEN to revoke it.");

    private static readonly Problem MoreThanOwn = new(
        ProblemCode.Forbidden, "A key can be given only scopes that the key which makes it has.");

    public async Task<IResult> CreateAsync(ApiCall call, TenantId? tenant, string location)
    {
        var (fields, problem) = await call.ReadBodyAsync(KeyRequest.FieldNames);
        if (fields is null)
            return problem!;
        fields.Require("name");
        var name = fields.Text("name", MaxName);
        var scopes = ReadScopes(fields) ?? call.Caller.Scopes;
        var expiresAt = fields.Time("expires_at");
        if (expiresAt <= clock.GetUtcNow())
            call.Errors.Add("expires_at", "must be in the future");
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if ((scopes & ~call.Caller.Scopes) != 0)
            return MoreThanOwn;

        var (key, record) = NewApiKey.Generate(name!, scopes, expiresAt);
        if (tenant is null || await tenants.CreateKeyAsync(tenant.Value, record, call.Cancellation) is not { } created)
            return NoTenant;
        return Answer.Created(
            $"{location}/{created.Id}",
            KeyResponse.Of(created) with { Key = key },
            ApiJson.Shared.EnvelopeKeyResponse,
            "Keep the key: it is not shown again.");
    }

    public async Task<IResult> ListAsync(ApiCall call, TenantId? tenant)
    {
        var page = call.Query.Page();
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (tenant is null || await tenants.FindAsync(tenant.Value, call.Cancellation) is null)
            return NoTenant;
        var found = await tenants.ListKeysAsync(tenant.Value, page, call.Cancellation);
        return Answer.List(found, page, KeyResponse.Of, ApiJson.Shared.ListEnvelopeKeyResponse);
    }

    public async Task<IResult> RevokeAsync(ApiCall call, TenantId? tenant, string name)
    {
        if (tenant is null || !call.TryGetId<ApiKeyId>(out var id, name))
            return NotFound;
        return await tenants.RevokeKeyAsync(tenant.Value, id, call.Cancellation) switch
        {
            RemovalOutcome.Removed => Answer.NoContent,
            RemovalOutcome.Configured => IsConfigured,
            _ => NotFound,
        };
    }

    private static KeyScopes? ReadScopes(FieldReader fields)
    {
        if (fields.Value("scopes") is not { } value)
            return null;
        var scopes = KeyScopes.None;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.String || !Scopes.Words.TryParse(item.GetString(), out var scope))
                {
                    scopes = KeyScopes.None;
                    break;
                }

                scopes |= scope;
            }
        }

        if (scopes == KeyScopes.None)
            fields.Errors.Add("scopes", $"must be an array with at least one, each {Scopes.Words.Accepted}");
        return scopes;
    }
}
