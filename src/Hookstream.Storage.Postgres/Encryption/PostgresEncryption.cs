using Hookstream.Core.Encryption;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Encryption;

/// <summary>Finds what is not under the newest key, and writes it anew where nobody has changed it since.</summary>
internal sealed class PostgresEncryption(Sessions sessions, EncryptionKeyring keyring) : IStoreEncryption
{
    private const int Chunk = 100;

    // Deleted subscribers are never read again; when the old key has gone, nobody can. Index: the one of the ids.
    private const string Stale =
        """
        select s.no, s.id, s.secret, s.previous_secret, s.headers
        from subscribers s
        where s.deleted_at is null and ($1::uuid is null or s.id > $1)
            and (substring(s.secret from 1 for 5) <> $2 or substring(s.previous_secret from 1 for 5) <> $2
                or substring(s.headers from 1 for 5) <> $2)
        order by s.id
        limit $3
        """;

    // Compared with what was read: whoever has changed something since, on whatever node, has encrypted it himself. No version
    // moves on: what other nodes have in memory is in clear, and the same as before.
    private const string Replace =
        """
        update subscribers
        set secret = $2, previous_secret = $3, headers = $4
        where no = $1 and secret = $5 and previous_secret is not distinct from $6 and headers is not distinct from $7
        """;

    public async Task<ReencryptedChunk> ReencryptAsync(SubscriberId? after, CancellationToken cancellation)
    {
        var stale = await sessions.General.ReadAsync(
            connection => connection.Command(Stale)
                .Bind(after?.Value)
                .Bind(NpgsqlDbType.Bytea, keyring.NewestPrefix)
                .Bind((long)Chunk)
                .ReadAllAsync(Read, cancellation),
            cancellation);
        var renewed = stale.ConvertAll(row => keyring.Renew(row.Records, row.Id));
        return await sessions.General.ChangeAsync(
            async connection =>
            {
                var (records, missed) = (0, 0);
                for (var i = 0; i < stale.Count; i++)
                {
                    if (await WriteAsync(connection, stale[i], renewed[i].Records, cancellation))
                        records += renewed[i].Renewed;
                    else
                        missed++;
                }

                if (stale.Count == Chunk)
                    return new ReencryptedChunk(records, missed, stale[^1].Id);
                if (await EncryptionCanary.RenewAsync(connection, keyring, cancellation))
                    records++;
                return new ReencryptedChunk(records, missed, null);
            },
            cancellation);
    }

    private static async Task<bool> WriteAsync(
        NpgsqlConnection connection, StaleRow row, SubscriberRecords renewed, CancellationToken cancellation)
    {
        var command = connection.Command(Replace).Bind(row.No);
        foreach (var records in (SubscriberRecords[])[renewed, row.Records])
        {
            command.Bind(NpgsqlDbType.Bytea, records.Secret)
                .Bind(NpgsqlDbType.Bytea, records.PreviousSecret)
                .Bind(NpgsqlDbType.Bytea, records.Headers);
        }

        return await command.RunAsync(cancellation) == 1;
    }

    private static StaleRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new SubscriberId(row.GetGuid(1)),
        new SubscriberRecords(row.Bytes(2), row.IsDBNull(3) ? null : row.Bytes(3), row.IsDBNull(4) ? null : row.Bytes(4)));

    private sealed record StaleRow(long No, SubscriberId Id, SubscriberRecords Records);
}
