using System.Security.Cryptography;
using Hookstream.Core.Encryption;

namespace Hookstream.Storage.Sqlite;

/// <summary>A record encrypted with the key in use, so that a start with a wrong key is noticed before it does harm.</summary>
internal static class EncryptionCanary
{
    private static ReadOnlySpan<byte> Plaintext => "hookstream"u8;

    private static ReadOnlySpan<byte> Context => "canary"u8;

    public static void Check(DatabaseConnection database, EncryptionKeyring keyring)
    {
        var record = database.Prepare("select value from meta where name = 'encryption_canary'")
            .Scalar(row => row.Blob(0).ToArray());
        if (record is null)
        {
            database.Prepare("insert into meta (name, value) values ('encryption_canary', ?1)")
                .Bind(1, keyring.Encrypt(Plaintext, Context))
                .Run();
            return;
        }

        try
        {
            keyring.Decrypt(record, Context);
        }
        catch (CryptographicException exception)
        {
            throw new EncryptionKeyMismatchException(
                "HOOKSTREAM_ENCRYPTION_KEY is not the key that the secrets in this store were encrypted with; "
                + "set it to that key (or restore the key file of the data directory)",
                exception);
        }
    }
}
