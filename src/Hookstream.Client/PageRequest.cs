namespace Hookstream.Client;

/// <summary>Which page of a list to get.</summary>
/// <param name="Limit">Items per page, 1–100; null: the server's default, 20.</param>
/// <param name="Cursor">The <see cref="Page{T}.NextCursor"/> of the page before; null: the first page.</param>
public readonly record struct PageRequest(int? Limit = null, string? Cursor = null);
