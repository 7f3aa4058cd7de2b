using System.Text.Json;

namespace Hookstream.Client.Tenants;

/// <summary>One of the parties that share the server and never see each other.</summary>
public sealed record Tenant
{
    /// <summary>The id, <c>ten_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>The operator's own id of it; null without one.</summary>
    public string? ExternalId { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The operator's own data, kept as it is; null without.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
