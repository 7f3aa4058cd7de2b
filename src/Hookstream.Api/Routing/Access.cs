namespace Hookstream.Api.Routing;

/// <summary>Who may call an operation.</summary>
/// <param name="Kind">Anybody, the operator, or a tenant.</param>
/// <param name="Scope">What a tenant's key needs to be allowed.</param>
internal readonly record struct Access(AccessKind Kind, KeyScopes Scope)
{
    public static readonly Access Public = new(AccessKind.Public, KeyScopes.None);
    public static readonly Access Admin = new(AccessKind.Admin, KeyScopes.None);
    public static readonly Access Read = new(AccessKind.Tenant, KeyScopes.Read);
    public static readonly Access Manage = new(AccessKind.Tenant, KeyScopes.Manage);
    public static readonly Access EventsWrite = new(AccessKind.Tenant, KeyScopes.EventsWrite);
}
