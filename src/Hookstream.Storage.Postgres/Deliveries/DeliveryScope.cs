using Hookstream.Storage.Postgres.Subscribers;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>
/// A query with what it names looked up first, so that the planner knows the numbers, and so that a range that has nothing in
/// it is not walked.
/// </summary>
/// <param name="TenantNo">The tenant, whatever else is asked.</param>
/// <param name="Query">Which.</param>
/// <param name="SubscriberNo">The number of the subscriber that the query names, if it does; deleted ones have theirs, too.</param>
/// <param name="Endpoints">
/// Where only the unfinished deliveries of some endpoints match, as for what is held: those endpoints.
/// </param>
internal sealed record DeliveryScope(long TenantNo, DeliveryQuery Query, long? SubscriberNo = null, long[]? Endpoints = null)
{
    private const string FindSubscriber = "select no from subscribers where id = $1 and tenant = $2";

    private const string HeldOnes =
        $"""
        select s.no
        from subscribers s
        where s.tenant = $1 and ($2::bigint is null or s.no = $2) and {DeliverySides.Live} and {GateConditions.IsHeld}
        """;

    // Index: subscribers_cancelling.
    private const string CancellingOnes =
        """
        select s.no
        from subscribers s
        where s.cancelling and s.tenant = $1 and ($2::bigint is null or s.no = $2)
        """;

    /// <summary>Looks up what a query names; null when there is no such subscriber.</summary>
    public static async Task<DeliveryScope?> FindAsync(
        NpgsqlConnection connection, long tenantNo, DeliveryQuery query, CancellationToken cancellation)
    {
        long? subscriberNo = null;
        if (query.Subscriber is { } id)
        {
            var command = connection.Command(FindSubscriber).Bind(id.Value).Bind(tenantNo);
            if (await command.ReadValueAsync(cancellation) is not long no)
                return null;
            subscriberNo = no;
        }

        var endpoints = query.Status switch
        {
            DeliveryStatus.Held => HeldOnes,
            DeliveryStatus.Cancelled => CancellingOnes,
            _ => null,
        };
        return new DeliveryScope(tenantNo, query, subscriberNo, endpoints is null
            ? null
            : [.. await connection.Command(endpoints)
                .Bind(tenantNo)
                .Bind(NpgsqlDbType.Bigint, subscriberNo)
                .ReadAllAsync(row => row.GetInt64(0), cancellation)]);
    }
}
