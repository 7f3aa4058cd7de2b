namespace Hookstream.Storage.Sqlite.Writing;

/// <summary>
/// Something to be written, with others, in one transaction. All members run on the writer's thread, in the order in
/// which the operations were queued.
/// </summary>
internal abstract class WriteOperation
{
    /// <summary>About how many rows it writes, to bound a group.</summary>
    public virtual int Rows => 1;

    /// <summary>About how many bytes it writes, to bound a group and what waits.</summary>
    public virtual long Bytes => 0;

    /// <summary>
    /// True when it reads the catalogs, which show what is committed and published: it then comes first in its group.
    /// </summary>
    public virtual bool ReadsCatalogs => false;

    /// <summary>
    /// Writes. May run twice: when the group failed, each operation is run again in a transaction of its own, with
    /// <paramref name="alone"/> set.
    /// </summary>
    public abstract void Execute(DatabaseConnection database, bool alone);

    /// <summary>The transaction is committed and flushed.</summary>
    public abstract void Committed();

    /// <summary>Nothing of it was written.</summary>
    public abstract void Failed(Exception exception);
}
