using System.Text;
using Hookstream.Api.Problems;
using Hookstream.Api.RateLimits;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Authentication;

/// <summary>Tells from a request's headers whose call it is, and whether it may be made.</summary>
internal sealed class Authenticator(ITenantStore tenants, KeyRateLimiter rates, ApiOptions options)
{
    public const string TenantHeader = "X-Hookstream-Tenant";

    private const string Scheme = "Bearer ";
    private const int MaxKeyLength = 512;

    private static readonly Problem NoKey = new(
        ProblemCode.Unauthorized, "Send a key in the header 'Authorization: Bearer <key>'.");

    private static readonly Problem WrongKey = new(
        ProblemCode.Unauthorized, "The key is not known, was revoked, or has expired.");

    private static readonly Problem AdminOnly = new(
        ProblemCode.Forbidden, "This call needs the admin token (HOOKSTREAM_ADMIN_TOKEN), not a tenant's key.");

    private static readonly Problem OtherTenant = new(
        ProblemCode.Forbidden, $"A tenant's key acts as its own tenant; only the admin token may name another in {TenantHeader}.");

    private static readonly Problem Suspended = new(
        ProblemCode.TenantSuspended, "The tenant is suspended: its keys are refused until the operator lifts it.");

    public async ValueTask<Verdict> AuthenticateAsync(HttpContext context, Access access, CancellationToken cancellation)
    {
        if (access.Kind == AccessKind.Public)
            return default;

        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || !TryHash(header[0], out var hash))
            return NoKey;

        if (options.AdminToken == hash)
        {
            return access.Kind == AccessKind.Admin
                ? new Verdict(new Caller(default, KeyScopes.All), null)
                : await ActAsAsync(context, cancellation);
        }

        var principal = await tenants.AuthenticateAsync(hash, cancellation);
        if (principal is null)
            return WrongKey;
        if (rates.Refuse(principal.Key.Id) is { } tooMany)
            return tooMany;
        if (principal.Tenant.Suspended)
            return Suspended;
        if (access.Kind == AccessKind.Admin)
            return AdminOnly;
        if ((principal.Key.Scopes & access.Scope) != access.Scope)
            return MissingScope(access.Scope);
        if (context.Request.Headers.TryGetValue(TenantHeader, out var named) && !Names(principal.Tenant, named.ToString()))
            return OtherTenant;
        return new Verdict(new Caller(principal.Tenant.Id, principal.Key.Scopes), null);
    }

    private async ValueTask<Verdict> ActAsAsync(HttpContext context, CancellationToken cancellation)
    {
        var named = context.Request.Headers[TenantHeader];
        if (named.Count != 1 || named[0] is not { Length: > 0 } text)
        {
            var errors = new ValidationErrors();
            errors.Add(TenantHeader, "is required with the admin token: the id or external_id of the tenant to act as");
            return errors.ToProblem();
        }

        var tenant = TenantId.TryParse(text, out var id)
            ? await tenants.FindAsync(id, cancellation)
            : await tenants.FindByExternalIdAsync(text, cancellation);
        return tenant is null
            ? new Problem(ProblemCode.NotFound, $"There is no tenant with the id or external_id that {TenantHeader} names.")
            : new Verdict(new Caller(tenant.Id, KeyScopes.All), null);
    }

    private static bool Names(Tenant tenant, string text) =>
        tenant.ExternalId == text || (TenantId.TryParse(text, out var id) && id == tenant.Id);

    private static Problem MissingScope(KeyScopes needed) => new(
        ProblemCode.Forbidden, $"This call needs a key with the scope '{Scopes.Words.Format(needed)}'.");

    /// <summary>The hash of what <c>Authorization: Bearer</c> carries.</summary>
    internal static bool TryHash(string? header, out KeyHash hash)
    {
        hash = default;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var key = header.AsSpan(Scheme.Length).Trim(' ');
        if (key.Length is 0 or > MaxKeyLength || !Ascii.IsValid(key))
            return false;
        Span<byte> utf8 = stackalloc byte[MaxKeyLength];
        var length = Encoding.UTF8.GetBytes(key, utf8);
        hash = KeyHash.Of(utf8[..length]);
        return true;
    }
}
