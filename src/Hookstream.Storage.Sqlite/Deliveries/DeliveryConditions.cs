namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>
/// The conditions of a <see cref="DeliveryQuery"/> over <c>deliveries d</c>, <c>events e</c> and <c>subscribers s</c>, and the
/// index they rely on.
/// </summary>
internal static class DeliveryConditions
{
    private const string Held =
        """
        (s.paused = 1 or (iif(? = 2, 2, coalesce(s.verification, ?)) = 2 and s.verified_at is null))
        """;

    /// <summary>Unfinished deliveries have an index of their own; the planner cannot know how few they are.</summary>
    public static string FromClause(DeliveryQuery query) =>
        IsUnfinished(query.Status) && query.Subscriber is null && query.Event is null
            ? $"{DeliveryRows.From} indexed by deliveries_unfinished\n{DeliveryRows.Joins}"
            : $"{DeliveryRows.From}\n{DeliveryRows.Joins}";

    public static Conditions Of(long tenantNo, DeliveryQuery query, VerificationMode verification)
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
            DeliveryStatus.Held => conditions.And("d.status < 2").And(IsLive).And("s.disabled_reason is null").And(Held, mode, mode),
            DeliveryStatus.Delivered => conditions.And("d.status = 2"),
            DeliveryStatus.DeadLetter => conditions.And("d.status >= 3").And("d.status = 3"),
            _ => conditions.And("(d.status = 4 or (d.status < 2 and s.cancelling = 1))"),
        };
    }

    private const string IsLive = "s.cancelling = 0";

    private static bool IsUnfinished(DeliveryStatus? status) =>
        status is DeliveryStatus.Pending or DeliveryStatus.Failed or DeliveryStatus.Held;
}
