namespace Hookstream.Core.Encryption;

/// <summary>The configured encryption keys are not those that the store's secrets were encrypted with.</summary>
public sealed class EncryptionKeyMismatchException : Exception
{
    /// <summary>Makes the exception.</summary>
    public EncryptionKeyMismatchException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
