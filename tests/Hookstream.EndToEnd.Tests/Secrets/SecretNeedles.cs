using System.Text;
using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Secrets;

/// <summary>Secrets to look for, in every form in which one that has slipped through could be written.</summary>
internal sealed class SecretNeedles
{
    // Less than this of a secret would be found by accident.
    private const int Least = 12;

    private readonly List<(string Name, byte[] Form)> _forms = [];

    /// <summary>Adds a secret that is a text.</summary>
    public void Add(string name, string secret)
    {
        secret.Length.ShouldBeGreaterThanOrEqualTo(Least, $"{name} is too short to be looked for");
        AddForms(name, Encoding.UTF8.GetBytes(secret));
        AddForm(name, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(secret).Trim('"')));
        AddForm(name, Encoding.UTF8.GetBytes(Uri.EscapeDataString(secret)));
        AddForm(name, Encoding.Unicode.GetBytes(secret));
    }

    /// <summary>Adds a signing secret: its text, the part without the prefix, and the bytes that this stands for.</summary>
    public void AddSigningSecret(string name, string secret)
    {
        var encoded = secret["whsec_".Length..];
        Add(name, encoded);
        AddForms(name, Convert.FromBase64String(encoded));
    }

    /// <summary>Adds an encryption key, in base64 as it is configured.</summary>
    public void AddKey(string name, string encoded)
    {
        Add(name, encoded);
        AddForms(name, Convert.FromBase64String(encoded));
    }

    /// <summary>The names of the secrets that are in there.</summary>
    public IEnumerable<string> FindIn(ReadOnlySpan<byte> bytes)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, form) in _forms)
        {
            if (bytes.IndexOf(form) >= 0)
                found.Add(name);
        }

        return found;
    }

    private void AddForms(string name, byte[] secret)
    {
        AddForm(name, secret);
        AddForm(name, Encoding.ASCII.GetBytes(Convert.ToHexString(secret)));
        AddForm(name, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)));
        // In base64 of something around it, it begins at one of three places; what is mixed with its neighbours is cut off.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. secret]).TrimEnd('=');
            var from = (before * 8 + 5) / 6;
            var to = (before + secret.Length) * 8 / 6;
            AddForm(name, Encoding.ASCII.GetBytes(text[from..to]));
        }
    }

    private void AddForm(string name, byte[] form) => _forms.Add((name, form));
}
