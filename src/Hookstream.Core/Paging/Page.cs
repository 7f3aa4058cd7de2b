namespace Hookstream.Core.Paging;

/// <summary>One page of a list, newest first.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items of this page.</param>
/// <param name="Next">What to pass as <see cref="PageRequest.After"/> for the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Guid? Next);
