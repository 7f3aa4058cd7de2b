using System.Globalization;
using Hookstream.Core.Paging;

namespace Hookstream.Storage.Sqlite.Events;

/// <summary>The list of a tenant's events. Ids sort by time, so that the bounds of a range are seeks in the primary key.</summary>
internal static class EventList
{
    public static Page<EventRecord> Read(DatabaseConnection database, long tenantNo, EventQuery query, PageRequest page)
    {
        using var statement = Prepare(database, tenantNo, query, page);
        return statement.ReadPage(page.Limit, row => EventRows.Read(row, withPayload: false), record => record.Id.Value);
    }

    /// <summary>Prepares the read of a page and one row more; the caller disposes it.</summary>
    public static Statement Prepare(DatabaseConnection database, long tenantNo, EventQuery query, PageRequest page) =>
        new Conditions()
            .And("tenant = ?", Conditions.Value(tenantNo))
            .AndIf(page.After, "id < ?", Conditions.Value)
            .AndIf(query.Since, "id >= ?", since => Conditions.Value(TimeBounds.FirstIdAt(since)))
            .AndIf(query.Since, "created_at >= ?", Conditions.Value)
            .AndIf(query.Until, "id < ?", until => Conditions.Value(TimeBounds.FirstIdAfter(until)))
            .AndIf(query.Until, "created_at < ?", Conditions.Value)
            .AndIf(query.Type, "type = ?", type => Conditions.Value(type.Value))
            .Prepare(
                database,
                $"select {EventRows.Columns}\nfrom events",
                string.Create(CultureInfo.InvariantCulture, $"order by id desc\nlimit {page.Limit + 1}"));
}
