namespace Hookstream.Api.Events;

/// <summary>Why one event of a batch was not accepted.</summary>
/// <param name="Code">As of a problem.</param>
/// <param name="Detail">What was wrong and what is accepted.</param>
/// <param name="Errors">What is wrong with each field; null where it is not about a field.</param>
internal sealed record BatchErrorResponse(string Code, string Detail, IReadOnlyDictionary<string, string[]>? Errors);
