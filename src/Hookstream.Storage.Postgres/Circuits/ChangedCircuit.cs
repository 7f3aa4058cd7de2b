using Hookstream.Core.Circuits;
using Npgsql;

namespace Hookstream.Storage.Postgres.Circuits;

/// <summary>An endpoint whose circuit has changed its state, or was left open by a probe.</summary>
/// <param name="Subscriber">The endpoint.</param>
/// <param name="TenantNo">Its tenant.</param>
/// <param name="OpenedBefore">When it had opened before; null: it was closed.</param>
/// <param name="After">The circuit now.</param>
internal readonly record struct ChangedCircuit(
    SubscriberId Subscriber, long TenantNo, DateTimeOffset? OpenedBefore, EndpointCircuit After)
{
    public static ChangedCircuit Read(NpgsqlDataReader row) => new(
        new SubscriberId(row.GetGuid(0)),
        row.GetInt64(1),
        row.NullableTime(2),
        new EndpointCircuit
        {
            Failures = row.GetInt32(3),
            OpenedAt = row.NullableTime(4),
            ProbeAt = row.NullableTime(5),
            Epoch = row.GetInt64(6),
        });
}
