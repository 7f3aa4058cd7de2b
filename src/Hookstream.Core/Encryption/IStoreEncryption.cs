namespace Hookstream.Core.Encryption;

/// <summary>Brings what a store holds encrypted under the newest key, so that an older one can be taken away.</summary>
public interface IStoreEncryption
{
    /// <summary>
    /// Encrypts a chunk of what is not under the newest key anew, while everything else goes on. What is changed meanwhile is
    /// never overwritten. May be given up after any chunk, and begun again at any time.
    /// </summary>
    /// <param name="after">Where the chunk before ended; null: begin.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="EncryptionKeyMismatchException">No key on the ring made one of the records.</exception>
    Task<ReencryptedChunk> ReencryptAsync(SubscriberId? after, CancellationToken cancellation);
}
