namespace Hookstream.Storage.Sqlite.Queueing;

/// <summary>Whether a delivery that a claim has read may be leased.</summary>
internal enum Claimability
{
    /// <summary>It may.</summary>
    Free,

    /// <summary>Someone is sending it.</summary>
    Leased,

    /// <summary>It is being changed, or was settled, released or changed while the claim read: only a new read tells.</summary>
    ReadAgain,
}
