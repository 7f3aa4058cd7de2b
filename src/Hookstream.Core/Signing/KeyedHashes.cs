using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Hookstream.Core.Signing;

/// <summary>
/// HMAC-SHA256 with keys that are used again and again. Half of what a short message costs is to set the key up: for a key that was the last
/// one of its place on this thread already, that is kept. The places are few, so that memory does not grow with the number of secrets.
/// </summary>
internal static class KeyedHashes
{
    private const int Places = 64;

    [ThreadStatic]
    private static Place[]? _placesOfThread;

    /// <summary>Hashes.</summary>
    /// <param name="key">The key: known again by reference.</param>
    /// <param name="message">What is hashed.</param>
    /// <param name="hash">Where the 32 bytes go.</param>
    public static void Compute(byte[] key, ReadOnlySpan<byte> message, Span<byte> hash)
    {
        var places = _placesOfThread ??= new Place[Places];
        ref var place = ref places[(uint)RuntimeHelpers.GetHashCode(key) % Places];
        if (place.Key != key)
        {
            // Not set up before it comes again: keys that take turns would be set up each time.
            place.Hash?.Dispose();
            place = new Place { Key = key };
            HMACSHA256.HashData(key, message, hash);
            return;
        }

        place.Hash ??= IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        place.Hash.AppendData(message);
        place.Hash.GetHashAndReset(hash);
    }

    private struct Place
    {
        public byte[]? Key;
        public IncrementalHash? Hash;
    }
}
