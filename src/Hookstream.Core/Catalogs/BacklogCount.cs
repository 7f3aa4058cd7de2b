namespace Hookstream.Core.Catalogs;

/// <summary>Makes a <see cref="Backlog"/> of what a store has counted by endpoint, and of what the catalogs know of those.</summary>
internal static class BacklogCount
{
    // With more tenants than that, those of which nothing waits would only take the places of others.
    private const int FewTenants = 500;

    // As with the tenants.
    private const int FewEndpoints = 500;

    /// <summary>Puts it together.</summary>
    /// <param name="rows">Each endpoint of which something waits: how much, and since when the first of it is due.</param>
    /// <param name="tenants">The tenants.</param>
    /// <param name="subscribers">The endpoints.</param>
    /// <param name="now">The time by the store's clock, UTC.</param>
    public static Backlog Of(
        IEnumerable<(long Subscriber, long Depth, DateTimeOffset FirstDue)> rows,
        TenantCatalog tenants,
        SubscriberCatalog subscribers,
        DateTimeOffset now)
    {
        var depths = new Dictionary<TenantId, long>();
        var held = new HeldBacklog();
        var oldest = TimeSpan.Zero;
        foreach (var (no, depth, firstDue) in rows)
        {
            // What is being cancelled is not going to be sent.
            if (!subscribers.TryGet(no, out var entry) || entry.Deleted || entry.Cancelling)
                continue;
            var subscriber = entry.Subscriber;
            var gate = subscriber.Gate;
            depths[subscriber.Tenant] = depths.GetValueOrDefault(subscriber.Tenant) + depth;
            held = Add(held, gate, depth, now);
            if (gate.HoldReason is not null || !entry.IsOpen(now) || subscriber.Settings.RateLimitPerSecond is not null)
                continue;
            var late = now - Latest(firstDue, gate.OpenedAt, gate.BlockedUntil);
            oldest = late > oldest ? late : oldest;
        }

        return new Backlog(
            [
                .. from tenant in tenants.All
                   let depth = depths.GetValueOrDefault(tenant.Tenant.Id)
                   where depth > 0 || tenants.Count <= FewTenants
                   orderby depth descending
                   select new TenantBacklog(tenant.Tenant.Name, depth),
            ],
            held,
            oldest,
            [
                .. from endpoint in subscribers.HeldBack()
                   let circuit = endpoint.Subscriber.Gate.Circuit
                   where circuit.IsOpen
                   select (endpoint.Id, circuit.StateAt(now)),
            ],
            subscribers.Count <= FewEndpoints
                ? [.. from endpoint in subscribers.All where !endpoint.Subscriber.Gate.Circuit.IsOpen select endpoint.Id]
                : []);
    }

    private static HeldBacklog Add(HeldBacklog held, EndpointGate gate, long depth, DateTimeOffset now) => gate.HoldReason switch
    {
        HoldReason.Paused => held with { Paused = held.Paused + depth },
        HoldReason.Unverified => held with { Unverified = held.Unverified + depth },
        HoldReason.CircuitOpen => held with { CircuitOpen = held.CircuitOpen + depth },
        _ when gate.BlockedUntil > now => held with { Blocked = held.Blocked + depth },
        _ => held,
    };

    private static DateTimeOffset Latest(DateTimeOffset due, DateTimeOffset opened, DateTimeOffset? blockedUntil)
    {
        var latest = due > opened ? due : opened;
        return blockedUntil > latest ? blockedUntil.Value : latest;
    }
}
