using Hookstream.Api.Events;

namespace Hookstream.Api.Problems;

/// <summary>The shape of <see cref="Problem"/>, for the OpenAPI document.</summary>
internal sealed record ProblemResponse
{
    /// <summary>A URI that names the kind of problem.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong and what is accepted.</summary>
    public required string Detail { get; init; }

    /// <summary>Always false.</summary>
    public required bool Success { get; init; }

    /// <summary>The kind of problem, stable, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The same as <c>detail</c>.</summary>
    public required string Error { get; init; }

    /// <summary>What is wrong with each field, where the request is not valid.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What came of each event, where none of a batch was accepted.</summary>
    public BatchResponse? Data { get; init; }
}
