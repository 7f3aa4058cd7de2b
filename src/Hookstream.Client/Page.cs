namespace Hookstream.Client;

/// <summary>One page of a list, newest first.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class Page<T>
{
    internal Page(IReadOnlyList<T> items, int limit, string? nextCursor, long? total)
    {
        Items = items;
        Limit = limit;
        NextCursor = nextCursor;
        Total = total;
    }

    /// <summary>The items of this page.</summary>
    public IReadOnlyList<T> Items { get; }

    /// <summary>The most items that a page of this list holds.</summary>
    public int Limit { get; }

    /// <summary>What to ask the next page with; null at the end.</summary>
    public string? NextCursor { get; }

    /// <summary>How many there are in all; null where counting is not cheap.</summary>
    public long? Total { get; }
}
