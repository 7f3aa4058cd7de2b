using Hookstream.Core.Paging;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Makes pages of reads that asked for one row more than the page holds.</summary>
internal static class Pages
{
    public static Page<T> Of<T>(List<T> items, int limit, Func<T, Guid> key)
    {
        if (items.Count <= limit)
            return new Page<T>(items, null);
        items.RemoveRange(limit, items.Count - limit);
        return new Page<T>(items, key(items[^1]));
    }
}
