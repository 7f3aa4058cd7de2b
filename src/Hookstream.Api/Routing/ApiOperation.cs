using Hookstream.Api.Problems;

namespace Hookstream.Api.Routing;

/// <summary>One call of the API: what routes to it, what it takes, and what the OpenAPI document says of it.</summary>
internal sealed record ApiOperation(string Method, string Pattern, string Name, string Tag, Access Access)
{
    public required string Summary { get; init; }

    public string? Description { get; init; }

    /// <summary>Shape of the request's body; null: it takes none.</summary>
    public Type? Body { get; init; }

    public bool BodyOptional { get; init; }

    /// <summary>Shape of the answer's body; null: it has none.</summary>
    public Type? Answer { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>What it can fail with, besides what every call of its access can.</summary>
    public IReadOnlyList<ProblemCode> Problems { get; init; } = [];

    /// <summary>The names of <see cref="Query"/>.</summary>
    public IReadOnlyList<string> QueryNames => [.. Query.Select(parameter => parameter.Name)];
}
