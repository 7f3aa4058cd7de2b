using System.Security.Cryptography;
using System.Text;
using Hookstream.Core.Signing;

namespace Hookstream.Core.Encryption;

/// <summary>How stores keep secrets: encrypted, and bound to what they belong to, so that records cannot be swapped.</summary>
internal static class SecretRecords
{
    private static ReadOnlySpan<byte> Canary => "hookstream"u8;

    private static ReadOnlySpan<byte> CanaryContext => "canary"u8;

    public static byte[] Encrypt(this EncryptionKeyring keyring, SigningSecret secret, SubscriberId id) =>
        keyring.Encrypt(Encoding.UTF8.GetBytes(secret.Text), ContextOf(id));

    /// <exception cref="EncryptionKeyMismatchException">No key on the ring made the record.</exception>
    public static SigningSecret Decrypt(this EncryptionKeyring keyring, ReadOnlySpan<byte> record, SubscriberId id)
    {
        var text = keyring.Decrypt(record, ContextOf(id), "secret", id);
        return SigningSecret.TryParse(Encoding.UTF8.GetString(text), out var secret)
            ? secret!
            : throw new InvalidDataException("the store holds a signing secret that is none");
    }

    /// <summary>All headers of a subscriber in one record; null where there are none.</summary>
    public static byte[]? Encrypt(this EncryptionKeyring keyring, CustomHeaders headers, SubscriberId id) =>
        headers.All.IsEmpty ? null : keyring.Encrypt(HeadersText.Write(headers), HeadersContextOf(id));

    /// <exception cref="EncryptionKeyMismatchException">No key on the ring made the record.</exception>
    public static CustomHeaders DecryptHeaders(this EncryptionKeyring keyring, ReadOnlySpan<byte> record, SubscriberId id) =>
        HeadersText.Read(keyring.Decrypt(record, HeadersContextOf(id), "headers", id));

    /// <summary>The records of a subscriber, with those that are not under the newest key encrypted anew.</summary>
    /// <returns>The records, and how many are new.</returns>
    /// <exception cref="EncryptionKeyMismatchException">No key on the ring made one of them.</exception>
    public static (SubscriberRecords Records, int Renewed) Renew(
        this EncryptionKeyring keyring, SubscriberRecords records, SubscriberId id)
    {
        var renewed = 0;
        return (
            new SubscriberRecords(
                RenewOne(records.Secret, ContextOf(id), "secret")!,
                RenewOne(records.PreviousSecret, ContextOf(id), "previous secret"),
                RenewOne(records.Headers, HeadersContextOf(id), "headers")),
            renewed);

        byte[]? RenewOne(byte[]? record, byte[] context, string what)
        {
            if (record is null || keyring.IsNewest(record))
                return record;
            renewed++;
            return keyring.Encrypt(keyring.Decrypt(record, context, what, id), context);
        }
    }

    /// <summary>A record by which a start with a wrong key is noticed before it does harm.</summary>
    public static byte[] NewCanary(this EncryptionKeyring keyring) => keyring.Encrypt(Canary, CanaryContext);

    /// <exception cref="EncryptionKeyMismatchException">No key on the ring made the record.</exception>
    public static void CheckCanary(this EncryptionKeyring keyring, ReadOnlySpan<byte> record)
    {
        try
        {
            keyring.Decrypt(record, CanaryContext);
        }
        catch (CryptographicException exception)
        {
            throw new EncryptionKeyMismatchException(
                "HOOKSTREAM_ENCRYPTION_KEY is not the key that the secrets in this store were encrypted with; "
                + "set it to that key (or restore the key file of the data directory)",
                exception);
        }
    }

    private static byte[] ContextOf(SubscriberId id) => id.Value.ToByteArray(bigEndian: true);

    // Another length than a secret's, so that neither reads as the other.
    private static byte[] HeadersContextOf(SubscriberId id) => [.. "headers:"u8, .. ContextOf(id)];

    private static byte[] Decrypt(
        this EncryptionKeyring keyring, ReadOnlySpan<byte> record, byte[] context, string what, SubscriberId id)
    {
        try
        {
            return keyring.Decrypt(record, context);
        }
        catch (CryptographicException exception)
        {
            throw new EncryptionKeyMismatchException(
                $"HOOKSTREAM_ENCRYPTION_KEY does not decrypt the {what} of {id}; "
                + "it must list every key that secrets in this store were encrypted with, newest first",
                exception);
        }
    }
}
