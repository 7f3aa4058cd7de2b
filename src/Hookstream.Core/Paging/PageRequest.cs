namespace Hookstream.Core.Paging;

/// <summary>Which page of a list is wanted. Lists are newest first.</summary>
/// <param name="Limit">Most items on the page, 1 to 100.</param>
/// <param name="After">The id of the last item already seen; null starts at the newest.</param>
public readonly record struct PageRequest(int Limit, Guid? After);
