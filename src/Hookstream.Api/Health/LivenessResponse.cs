namespace Hookstream.Api.Health;

/// <summary>That the program answers at all.</summary>
/// <param name="Status">Always ok.</param>
internal sealed record LivenessResponse(string Status);
