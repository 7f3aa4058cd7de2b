namespace Hookstream.Storage.Postgres.Database;

/// <summary>
/// What keeps a person's word: a claim holds this lock shared while it looks at gates and takes deliveries; whoever shuts a
/// gate on a person's behalf takes it alone, so that after the answer nothing more is claimed, on any node. It is the
/// transaction's, in memory, and costs no write.
/// </summary>
internal static class ClaimGate
{
    public const string Share = "select pg_advisory_xact_lock_shared(7241001)";

    public const string Shut = "select pg_advisory_xact_lock(7241001)";
}
