using Hookstream.Core.Encryption;

namespace Hookstream.Storage.Sqlite;

/// <summary>A record encrypted with the key in use, so that a start with a wrong key is noticed before it does harm.</summary>
internal static class EncryptionCanary
{
    public static void Check(DatabaseConnection database, EncryptionKeyring keyring)
    {
        var record = database.Prepare("select value from meta where name = 'encryption_canary'")
            .Scalar(row => row.Blob(0).ToArray());
        if (record is null)
        {
            database.Prepare("insert into meta (name, value) values ('encryption_canary', ?1)")
                .Bind(1, keyring.NewCanary())
                .Run();
            return;
        }

        keyring.CheckCanary(record);
    }
}
