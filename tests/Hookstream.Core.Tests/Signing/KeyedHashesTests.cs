using System.Security.Cryptography;
using Hookstream.Core.Signing;

namespace Hookstream.Core.Tests.Signing;

public sealed class KeyedHashesTests
{
    // More than there are places, each used once, twice in a row and again after all others.
    private const int Keys = 300;

    [Fact]
    public void Compute_with_keys_in_any_order_hashes_each_with_its_own()
    {
        var keys = NewKeys();
        foreach (var repeats in (int[])[1, 2, 3])
        {
            foreach (var key in keys)
            {
                for (var i = 0; i < repeats; i++)
                    ShouldBeRight(key, [(byte)i, 7]);
            }
        }
    }

    [Fact]
    public void Compute_on_many_threads_hashes_each_message_alone()
    {
        var keys = NewKeys()[..4];
        Parallel.For(0, 20_000, i => ShouldBeRight(keys[i % keys.Length], BitConverter.GetBytes(i)));
    }

    private static byte[][] NewKeys() =>
        [.. Enumerable.Range(0, Keys).Select(_ => RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(24, 65)))];

    private static void ShouldBeRight(byte[] key, byte[] message)
    {
        var hash = new byte[HMACSHA256.HashSizeInBytes];
        KeyedHashes.Compute(key, message, hash);
        hash.ShouldBe(HMACSHA256.HashData(key, message));
    }
}
