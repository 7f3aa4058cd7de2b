using Npgsql;

namespace Hookstream.Storage.Postgres.Circuits;

/// <summary>An endpoint whose circuit has changed its state.</summary>
/// <param name="Subscriber">The endpoint.</param>
/// <param name="TenantNo">Its tenant.</param>
internal readonly record struct ChangedCircuit(SubscriberId Subscriber, long TenantNo)
{
    public static ChangedCircuit Read(NpgsqlDataReader row) => new(new SubscriberId(row.GetGuid(0)), row.GetInt64(1));
}
