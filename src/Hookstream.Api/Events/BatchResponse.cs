namespace Hookstream.Api.Events;

/// <summary>The shape of <see cref="BatchAnswer"/>, for the OpenAPI document.</summary>
/// <param name="Results">One for each event, in their order.</param>
internal sealed record BatchResponse(IReadOnlyList<BatchResultResponse> Results);
