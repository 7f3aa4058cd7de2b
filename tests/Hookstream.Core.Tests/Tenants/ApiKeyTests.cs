namespace Hookstream.Core.Tests.Tenants;

public sealed class ApiKeyTests
{
    [Fact]
    public void Generated_key_is_kept_as_its_hash_and_prefix_only()
    {
        var (key, record) = NewApiKey.Generate("deploy", KeyScopes.Read, null);

        key.ShouldMatch("^hk_[A-Za-z0-9_-]{43}$");
        record.Prefix.ShouldBe(key[..8]);
        record.Hash.ShouldBe(KeyHash.Of(key));
        record.ToString().ShouldNotContain(key);
        NewApiKey.Generate("deploy", KeyScopes.Read, null).Key.ShouldNotBe(key);
    }

    [Fact]
    public void Hash_is_sha_256_and_survives_its_bytes()
    {
        var hash = KeyHash.Of("abc");

        // FIPS 180-4, the one-block example.
        Convert.ToHexStringLower(hash.ToBytes())
            .ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        KeyHash.FromBytes(hash.ToBytes()).ShouldBe(hash);
        KeyHash.Of("abd").ShouldNotBe(hash);
    }
}
