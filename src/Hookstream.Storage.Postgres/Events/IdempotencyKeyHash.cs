using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>SHA-256 of an idempotency key: what the table of keys is indexed by.</summary>
internal static class IdempotencyKeyHash
{
    public static byte[] Of(PreparedAppend append) => SHA256.HashData(Encoding.ASCII.GetBytes(append.Event.IdempotencyKey!));
}
