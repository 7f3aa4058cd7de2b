using Npgsql;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>What a claim finds of a lane's gate, and when to look at it again.</summary>
/// <param name="Open">False: a person has shut it, or it is gone.</param>
/// <param name="ShutUntil">Nothing is claimed before then.</param>
/// <param name="NextDue">When the next of what waits is due; null: nothing waits.</param>
/// <param name="CircuitEpoch">Of its circuit.</param>
/// <param name="ReadyAt">Where its rate is used up: when it is not any more.</param>
internal readonly record struct LaneGate(
    bool Open, DateTimeOffset? ShutUntil, DateTimeOffset? NextDue, long CircuitEpoch, DateTimeOffset? ReadyAt)
{
    public static LaneGate Read(NpgsqlDataReader row) =>
        new(!row.IsDBNull(0) && row.GetBoolean(0), row.NullableTime(1), row.NullableTime(2), row.GetInt64(3), row.NullableTime(4));
}
