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

    public static async Task CheckAsync(NpgsqlConnection connection, EncryptionKeyring keyring, CancellationToken cancellation)
    {
        await connection.Command(Put).Bind(NpgsqlDbType.Bytea, keyring.NewCanary()).RunAsync(cancellation);
        var records = await connection.Command(Get).ReadAllAsync(row => row.Bytes(0), cancellation);
        records.ForEach(record => keyring.CheckCanary(record));
    }
}
