using System.Security.Cryptography;
using System.Text;
using Hookstream.Core.Encryption;
using Hookstream.Core.Tenants;

namespace Hookstream.Server.Configuration;

/// <summary>
/// Tokens and the encryption key: those that are configured; embedded, else ones made once and kept in the data directory,
/// readable by their owner only.
/// </summary>
internal sealed record GeneratedSecrets(string? ApiToken, string? AdminToken, EncryptionKeyring Keyring)
{
    private const string MakeAnew = "delete it to have a new one made";
    private const string Restore = "restore it from a backup: a new one could not read the secrets that the store holds";

    public static GeneratedSecrets Load(Settings settings)
    {
        if (settings.Database is not null)
            return new GeneratedSecrets(settings.ApiToken, settings.AdminToken, new EncryptionKeyring(settings.EncryptionKeys!));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(settings.DataDirectory);
        else
            Directory.CreateDirectory(settings.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new GeneratedSecrets(
            settings.ApiToken ?? Keep(settings, "api-token", MakeAnew, NewApiKey.GenerateToken),
            settings.AdminToken ?? Keep(settings, "admin-token", MakeAnew, NewApiKey.GenerateToken),
            new EncryptionKeyring(settings.EncryptionKeys ?? ReadKeys(settings)));
    }

    private static List<byte[]> ReadKeys(Settings settings)
    {
        var text = Keep(
            settings, "encryption-key", Restore, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength)));
        return EncryptionKeys.Parse(text)
            ?? throw new StartException(
                $"{Path.Combine(settings.DataDirectory, "encryption-key")} does not hold base64 of 32 bytes, a line for each key, "
                + $"newest first; {Restore}");
    }

    private static string Keep(Settings settings, string name, string repair, Func<string> generate)
    {
        var path = Path.Combine(settings.DataDirectory, name);
        if (File.Exists(path))
        {
            var kept = File.ReadAllText(path).Trim();
            return kept.Length > 0
                ? kept
                : throw new StartException($"{path} is empty; {repair}");
        }

        // Written whole under another name first: a crash leaves no half of a secret.
        var made = generate();
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(made + '\n'));
            // Before it gets its name: after a power cut there is the whole of it or nothing.
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        return made;
    }
}
