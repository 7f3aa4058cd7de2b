namespace Hookstream.Core.Tenants;

/// <summary>What an API key may do.</summary>
[Flags]
public enum KeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>events:write</c>: post events.</summary>
    EventsWrite = 1,

    /// <summary><c>read</c>: every GET.</summary>
    Read = 2,

    /// <summary><c>manage</c>: everything else that changes something.</summary>
    Manage = 4,

    /// <summary>All of them, the default of a new key.</summary>
    All = EventsWrite | Read | Manage,
}
