namespace Hookstream.Storage.Sqlite.Writing;

/// <summary>
/// Something to be written, with others, in one transaction. They run on the writer's thread, in the order in which
/// they were queued.
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

    /// <summary>The transaction is committed and flushed: publishes what changed.</summary>
    public abstract void Committed();

    /// <summary>
    /// Tells whoever waits, after <see cref="Committed"/>. The one member that runs elsewhere: on a pool thread, one after
    /// the other with the rest of the group, so that what continues there must not block.
    /// </summary>
    public virtual void Complete()
    {
    }

    /// <summary>Nothing of it was written. What waits for it must not go on here, on the writer's thread.</summary>
    public abstract void Failed(Exception exception);
}
