namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>
/// The conditions of a <see cref="DeliveryQuery"/> over <c>deliveries d</c>, <c>events e</c> and <c>subscribers s</c>, and the
/// index they rely on.
/// </summary>
internal static class DeliveryConditions
{
    // As the gate says it: what is disabled holds nothing.
    private const string Held =
        """
        (s.disabled_reason is null
            and (s.paused = 1 or s.circuit_opened_at is not null
                or (iif(? = 2, 2, coalesce(s.verification, ?)) = 2 and s.verified_at is null)))
        """;

    /// <summary>
    /// What is unfinished, dead or cancelled has an index of its own, and so have the deliveries of an event: the planner
    /// cannot know how few they are.
    /// </summary>
    public static string FromClause(DeliveryQuery query, bool cancelling)
    {
        var from = query switch
        {
            { Event: not null } => DeliveryRows.FromEvent,
            { Subscriber: not null } => DeliveryRows.From,
            { Status: DeliveryStatus.Pending or DeliveryStatus.Failed or DeliveryStatus.Held } =>
                $"{DeliveryRows.From} indexed by deliveries_unfinished",
            { Status: DeliveryStatus.DeadLetter } => $"{DeliveryRows.From} indexed by deliveries_ended",
            { Status: DeliveryStatus.Cancelled } when !cancelling => $"{DeliveryRows.From} indexed by deliveries_ended",
            _ => DeliveryRows.From,
        };
        return $"{from}\n{DeliveryRows.Joins}";
    }

    /// <summary>The conditions.</summary>
    /// <param name="tenantNo">The tenant, whatever else is asked.</param>
    /// <param name="query">Which.</param>
    /// <param name="verification">The least verification of the deployment, on which what is held depends.</param>
    /// <param name="cancelling">True while some deliveries read as cancelled that are not written so yet.</param>
    public static Conditions Of(long tenantNo, DeliveryQuery query, VerificationMode verification, bool cancelling)
    {
        // The plus keeps the primary key out where the index of the subscriber or the event is narrower.
        var narrow = query.Subscriber is not null || query.Event is not null;
        var conditions = new Conditions()
            .And(narrow ? "+d.tenant = ?" : "d.tenant = ?", Conditions.Value(tenantNo))
            .AndIf(
                query.Subscriber,
                "d.subscriber = (select no from subscribers where id = ?)",
                id => Conditions.Value(id.Value))
            .AndIf(query.EventType, "e.type = ?", type => Conditions.Value(type.Value))
            .AndIf(query.Since, "d.id >= ?", since => Conditions.Value(TimeBounds.FirstIdAt(since)))
            .AndIf(query.Since, "d.created_at >= ?", Conditions.Value)
            .AndIf(query.Until, "d.id < ?", until => Conditions.Value(TimeBounds.FirstIdAfter(until)))
            .AndIf(query.Until, "d.created_at < ?", Conditions.Value);
        if (query.Event is { } parent)
        {
            // Index: deliveries_event.
            conditions.And("d.tenant = ?", Conditions.Value(tenantNo)).And("d.event = ?", Conditions.Value(parent.Value));
        }

        var mode = Conditions.Value((long)verification);
        return query.Status switch
        {
            null => conditions,
            DeliveryStatus.Pending => conditions.And("d.status < 2").And("d.status = 0").And(IsLive).And($"not {Held}", mode, mode),
            DeliveryStatus.Failed => conditions.And("d.status < 2").And("d.status = 1").And(IsLive).And($"not {Held}", mode, mode),
            DeliveryStatus.Held => conditions.And("d.status < 2").And(IsLive).And(Held, mode, mode),
            DeliveryStatus.Delivered => conditions.And("d.status = 2"),
            DeliveryStatus.DeadLetter => conditions.And("d.status >= 3").And("d.status = 3"),
            _ when cancelling => conditions.And("(d.status = 4 or (d.status < 2 and s.cancelling = 1))"),
            _ => conditions.And("d.status >= 3").And("d.status = 4"),
        };
    }

    private const string IsLive = "s.cancelling = 0";
}
