using System.Security.Cryptography;
using Hookstream.Core.Encryption;
using Hookstream.Core.Tenants;

namespace Hookstream.Server.Configuration;

/// <summary>
/// Tokens and the encryption key: those that are configured, else ones made once and kept in the data directory, readable
/// by their owner only.
/// </summary>
internal sealed record GeneratedSecrets(string ApiToken, string AdminToken, EncryptionKeyring Keyring)
{
    public static GeneratedSecrets Load(Settings settings)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(settings.DataDirectory);
        else
            Directory.CreateDirectory(settings.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new GeneratedSecrets(
            settings.ApiToken ?? Keep(settings, "api-token", NewApiKey.GenerateToken),
            settings.AdminToken ?? Keep(settings, "admin-token", NewApiKey.GenerateToken),
            new EncryptionKeyring(settings.EncryptionKeys ?? [ReadKey(settings)]));
    }

    private static byte[] ReadKey(Settings settings)
    {
        var text = Keep(
            settings, "encryption-key", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength)));
        var key = new byte[EncryptionKeyring.KeyLength + 3];
        return Convert.TryFromBase64String(text, key, out var length) && length == EncryptionKeyring.KeyLength
            ? key[..length]
            : throw new StartException($"{Path.Combine(settings.DataDirectory, "encryption-key")} does not hold base64 of 32 bytes; restore it from a backup");
    }

    private static string Keep(Settings settings, string name, Func<string> generate)
    {
        var path = Path.Combine(settings.DataDirectory, name);
        if (File.Exists(path))
        {
            var kept = File.ReadAllText(path).Trim();
            return kept.Length > 0
                ? kept
                : throw new StartException($"{path} is empty; delete it to have a new one made");
        }

        // Written whole under another name first: a crash leaves no half of a secret.
        var made = generate();
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(temporary, options))
            writer.WriteLine(made);
        File.Move(temporary, path);
        return made;
    }
}
