using System.Text.Json;
using Hookstream.Client.Transport;

namespace Hookstream.Client.Tenants;

/// <summary>Changes to a tenant (RFC 7396): a property that is not set is left alone, one set to null is cleared.</summary>
public sealed class TenantUpdate
{
    internal MergePatch Patch { get; } = new();

    /// <summary>A name for people.</summary>
    public string Name
    {
        set => Patch.Set("name", value);
    }

    /// <summary>The operator's own id of it.</summary>
    public string? ExternalId
    {
        set => Patch.Set("external_id", value);
    }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public string Status
    {
        set => Patch.Set("status", value);
    }

    /// <summary>The operator's own data.</summary>
    public JsonElement? Metadata
    {
        set => Patch.Set("metadata", value);
    }
}
