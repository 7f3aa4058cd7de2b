namespace Hookstream.Core.Tenants;

/// <summary>What came of deleting a tenant or revoking a key.</summary>
public enum RemovalOutcome
{
    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>There is no such one.</summary>
    NotFound,

    /// <summary>The configuration would bring it back at the next start, so it was left alone.</summary>
    Configured,
}
