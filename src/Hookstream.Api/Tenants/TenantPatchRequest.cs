using Hookstream.Api.Json;

namespace Hookstream.Api.Tenants;

/// <summary>What may be changed of a tenant.</summary>
internal sealed record TenantPatchRequest
{
    public static readonly string[] FieldNames = [.. TenantCreateRequest.FieldNames, "suspended"];

    /// <summary>1 to 128 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Your own id for it, unique: 1 to 255 printable ASCII characters. Null removes it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>A JSON object of your own, at most 4096 bytes; merged. Null removes it.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>True: its keys are refused; what it has accepted is still delivered.</summary>
    public bool? Suspended { get; init; }
}
