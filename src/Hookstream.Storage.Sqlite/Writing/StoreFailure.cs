using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hookstream.Storage.Sqlite.Writing;

/// <summary>Tells failures of the store (disk full, I/O, locked) from those of one row (a constraint, too big).</summary>
internal static class StoreFailure
{
    public static bool Is(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: not (raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE),
    };
}
