using Hookstream.Core.Encryption;

namespace Hookstream.Storage.Sqlite;

/// <summary>A record encrypted with the key in use, so that a start with a wrong key is noticed before it does harm.</summary>
internal static class EncryptionCanary
{
    private const string Get = "select value from meta where name = 'encryption_canary'";

    public static void Check(DatabaseConnection database, EncryptionKeyring keyring)
    {
        var record = database.Prepare(Get)
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

    /// <summary>Encrypts it with the newest key; false when it is already.</summary>
    public static bool Renew(DatabaseConnection database, EncryptionKeyring keyring)
    {
        var record = database.Prepare(Get).Scalar(row => row.Blob(0).ToArray());
        if (keyring.IsNewest(record))
            return false;
        database.Prepare("update meta set value = ?1 where name = 'encryption_canary'").Bind(1, keyring.NewCanary()).Run();
        return true;
    }
}
