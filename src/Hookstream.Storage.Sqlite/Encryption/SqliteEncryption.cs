using Hookstream.Core.Encryption;

namespace Hookstream.Storage.Sqlite.Encryption;

/// <summary>Finds what is not under the newest key, and writes it anew through the writer, between other operations.</summary>
internal sealed class SqliteEncryption(GroupCommit writer, ReaderPool readers, EncryptionKeyring keyring) : IStoreEncryption
{
    private const int Chunk = 100;

    // Deleted subscribers are never read again; when the old key has gone, nobody can.
    private const string Stale =
        """
        select no, id, secret, previous_secret, headers
        from subscribers
        where deleted_at is null and (?1 is null or id > ?1)
            and (substr(secret, 1, 5) <> ?2 or substr(previous_secret, 1, 5) <> ?2 or substr(headers, 1, 5) <> ?2)
        order by id
        limit ?3
        """;

    // Compared with what was read: whoever has changed something since has encrypted it himself.
    private const string Replace =
        """
        update subscribers
        set secret = ?2, previous_secret = ?3, headers = ?4
        where no = ?1 and secret = ?5 and previous_secret is ?6 and headers is ?7
        """;

    public async Task<ReencryptedChunk> ReencryptAsync(SubscriberId? after, CancellationToken cancellation)
    {
        var stale = await readers.ReadAsync(
            database => database.Prepare(Stale)
                .Bind(1, after?.Value)
                .Bind(2, keyring.NewestPrefix)
                .Bind(3, Chunk)
                .ReadAll(row => new StaleRow(
                    row.Int64(0),
                    new SubscriberId(row.Guid(1)),
                    new SubscriberRecords(row.Blob(2).ToArray(), row.NullableBlob(3), row.NullableBlob(4)))),
            cancellation);
        var renewed = stale.ConvertAll(row => keyring.Renew(row.Records, row.Id));
        return await writer.WriteAsync(database =>
        {
            var (records, missed) = (0, 0);
            for (var i = 0; i < stale.Count; i++)
            {
                if (Write(database, stale[i], renewed[i].Records))
                    records += renewed[i].Renewed;
                else
                    missed++;
            }

            if (stale.Count == Chunk)
                return new ReencryptedChunk(records, missed, stale[^1].Id);
            return new ReencryptedChunk(records + (EncryptionCanary.Renew(database, keyring) ? 1 : 0), missed, null);
        });
    }

    private static bool Write(DatabaseConnection database, StaleRow row, SubscriberRecords renewed)
    {
        var statement = database.Prepare(Replace).Bind(1, row.No);
        Bind(statement, 2, renewed);
        Bind(statement, 5, row.Records);
        return statement.Run() == 1;
    }

    private static void Bind(Statement statement, int first, SubscriberRecords records)
    {
        statement.Bind(first, records.Secret);
        BindOptional(first + 1, records.PreviousSecret);
        BindOptional(first + 2, records.Headers);

        void BindOptional(int index, byte[]? record)
        {
            if (record is null)
                statement.BindNull(index);
            else
                statement.Bind(index, record);
        }
    }

    private sealed record StaleRow(long No, SubscriberId Id, SubscriberRecords Records);
}
