using Hookstream.Core.Encryption;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres;

/// <summary>A record encrypted with the key in use, so that a start with a wrong key is noticed before it does harm.</summary>
internal static class EncryptionCanary
{
    private const string Put =
        "insert into meta (name, value) values ('encryption_canary', $1) on conflict (name) do nothing";

    private const string Get = "select value from meta where name = 'encryption_canary'";

    private const string Replace = "update meta set value = $1 where name = 'encryption_canary' and value = $2";

    public static async Task CheckAsync(NpgsqlConnection connection, EncryptionKeyring keyring, CancellationToken cancellation)
    {
        await connection.Command(Put).Bind(NpgsqlDbType.Bytea, keyring.NewCanary()).RunAsync(cancellation);
        var records = await connection.Command(Get).ReadAllAsync(row => row.Bytes(0), cancellation);
        records.ForEach(record => keyring.CheckCanary(record));
    }

    /// <summary>Encrypts it with the newest key; false when it is already.</summary>
    public static async Task<bool> RenewAsync(
        NpgsqlConnection connection, EncryptionKeyring keyring, CancellationToken cancellation)
    {
        var records = await connection.Command(Get).ReadAllAsync(row => row.Bytes(0), cancellation);
        if (records is not [var record] || keyring.IsNewest(record))
            return false;
        return await connection.Command(Replace)
            .Bind(NpgsqlDbType.Bytea, keyring.NewCanary())
            .Bind(NpgsqlDbType.Bytea, record)
            .RunAsync(cancellation) == 1;
    }
}
