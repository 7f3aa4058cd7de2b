using Hookstream.Core.Paging;

namespace Hookstream.Storage.Sqlite.Database;

/// <summary>Reads lists, and pages whose query asked for one row more than the page holds.</summary>
internal static class StatementPages
{
    public static Page<T> ReadPage<T>(this Statement statement, int limit, Func<Statement, T> read, Func<T, Guid> key)
    {
        var items = statement.ReadAll(read);
        if (items.Count <= limit)
            return new Page<T>(items, null);
        items.RemoveRange(limit, items.Count - limit);
        return new Page<T>(items, key(items[^1]));
    }

    public static List<T> ReadAll<T>(this Statement statement, Func<Statement, T> read)
    {
        var items = new List<T>();
        while (statement.Step())
            items.Add(read(statement));
        return items;
    }
}
