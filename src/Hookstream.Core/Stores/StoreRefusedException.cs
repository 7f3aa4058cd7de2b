namespace Hookstream.Core.Stores;

/// <summary>
/// This program cannot use the store as it is, and trying again does not help: its schema is another version's, it refuses the
/// password, there is no such database. The message says what to do.
/// </summary>
public sealed class StoreRefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoreRefusedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
