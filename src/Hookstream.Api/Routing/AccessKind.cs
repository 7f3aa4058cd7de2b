namespace Hookstream.Api.Routing;

/// <summary>Who may call an operation.</summary>
internal enum AccessKind
{
    /// <summary>Anybody, without a key.</summary>
    Public,

    /// <summary>The operator, with the admin token.</summary>
    Admin,

    /// <summary>A tenant, with a key that has the scope; the operator on a tenant's behalf.</summary>
    Tenant,
}
