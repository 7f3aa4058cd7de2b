namespace Hookstream.Api.Paging;

/// <summary>What a list says about itself.</summary>
/// <param name="Limit">Most items on a page.</param>
/// <param name="NextCursor">What to pass as <c>cursor</c> for the next page; null at the end.</param>
internal sealed record PageMeta(int Limit, string? NextCursor);
