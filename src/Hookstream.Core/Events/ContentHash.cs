using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Core.Events;

/// <summary>What makes two events under one idempotency key the same: type, priority and payload bytes.</summary>
internal static class ContentHash
{
    /// <summary>How long an idempotency key is remembered.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    /// <summary>SHA-256 of all three.</summary>
    public static byte[] Of(NewEvent appended)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(appended.Type.Value));
        hash.AppendData([0, (byte)appended.Priority]);
        hash.AppendData(appended.Payload.Span);
        return hash.GetHashAndReset();
    }
}
