using System.Globalization;
using Hookstream.Core.Paging;

namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>The list of a tenant's deliveries, newest first.</summary>
internal static class DeliveryList
{
    /// <summary>Prepares the read of a page and one row more; the caller disposes it.</summary>
    public static Statement Prepare(
        DatabaseConnection database,
        long tenantNo,
        DeliveryQuery query,
        VerificationMode verification,
        bool cancelling,
        PageRequest page) =>
        DeliveryConditions.Of(tenantNo, query, verification, cancelling)
            .AndIf(page.After, "d.id < ?", Conditions.Value)
            .Prepare(
                database,
                $"{DeliveryRows.Select}\n{DeliveryConditions.FromClause(query, cancelling)}",
                string.Create(CultureInfo.InvariantCulture, $"order by d.id desc\nlimit {page.Limit + 1}"));
}
