using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Hookstream.Core.Encryption;

namespace Hookstream.Core.Tests.Encryption;

public sealed class EncryptionKeyringTests
{
    private static readonly byte[] Context = "sub_1"u8.ToArray();

    [Fact]
    public void Record_decrypted_is_what_was_encrypted()
    {
        var keyring = new EncryptionKeyring([KeyOf(1)]);

        Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 40]).Sample((plaintext, context) =>
            keyring.Decrypt(keyring.Encrypt(plaintext, context), context).SequenceEqual(plaintext));
    }

    [Fact]
    public void Record_of_the_same_text_differs_each_time_and_holds_no_clear_text()
    {
        var keyring = new EncryptionKeyring([KeyOf(1)]);
        var plaintext = Encoding.UTF8.GetBytes("whsec_a secret that must not be seen");

        var one = keyring.Encrypt(plaintext, Context);
        var two = keyring.Encrypt(plaintext, Context);

        one.ShouldNotBe(two);
        one.AsSpan().IndexOf(plaintext.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Fact]
    public void Record_changed_in_any_byte_is_refused()
    {
        var keyring = new EncryptionKeyring([KeyOf(1)]);
        var record = keyring.Encrypt("secret"u8, Context);

        for (var i = 0; i < record.Length; i++)
        {
            var changed = (byte[])record.Clone();
            changed[i] ^= 0x01;
            Should.Throw<CryptographicException>(() => keyring.Decrypt(changed, Context), $"byte {i}");
        }
    }

    [Fact]
    public void Record_cut_short_at_any_length_is_refused()
    {
        var keyring = new EncryptionKeyring([KeyOf(1)]);
        var record = keyring.Encrypt("secret"u8, Context);

        for (var length = 0; length < record.Length; length++)
        {
            var cut = record[..length];
            Should.Throw<CryptographicException>(() => keyring.Decrypt(cut, Context), $"length {length}");
        }
    }

    [Fact]
    public void Record_under_another_context_is_refused()
    {
        var keyring = new EncryptionKeyring([KeyOf(1)]);
        var record = keyring.Encrypt("secret"u8, Context);

        Should.Throw<CryptographicException>(() => keyring.Decrypt(record, "sub_2"u8));
        Should.Throw<CryptographicException>(() => keyring.Decrypt(record, []));
    }

    [Fact]
    public void Record_of_an_older_key_is_read_while_that_key_is_on_the_ring()
    {
        var before = new EncryptionKeyring([KeyOf(1)]);
        var record = before.Encrypt("secret"u8, Context);

        new EncryptionKeyring([KeyOf(2), KeyOf(1)]).Decrypt(record, Context).ShouldBe("secret"u8.ToArray());
        Should.Throw<CryptographicException>(() => new EncryptionKeyring([KeyOf(2)]).Decrypt(record, Context));
    }

    [Fact]
    public void Newest_key_encrypts()
    {
        var record = new EncryptionKeyring([KeyOf(2), KeyOf(1)]).Encrypt("secret"u8, Context);

        new EncryptionKeyring([KeyOf(2)]).Decrypt(record, Context).ShouldBe("secret"u8.ToArray());
        Should.Throw<CryptographicException>(() => new EncryptionKeyring([KeyOf(1)]).Decrypt(record, Context));
    }

    [Fact]
    public void Keyring_needs_keys_of_32_bytes()
    {
        Should.Throw<ArgumentException>(() => new EncryptionKeyring([]));
        Should.Throw<ArgumentException>(() => new EncryptionKeyring([new byte[31]]));
        Should.Throw<ArgumentException>(() => new EncryptionKeyring([KeyOf(1), new byte[33]]));
    }

    private static byte[] KeyOf(byte fill) => [.. Enumerable.Repeat(fill, EncryptionKeyring.KeyLength)];
}
