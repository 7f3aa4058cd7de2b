using System.Text;
using Hookstream.EndToEnd.Tests.Api;

namespace Hookstream.EndToEnd.Tests.Secrets;

/// <summary>What a run has left behind, searched for secrets.</summary>
internal sealed class SecretScan(SecretNeedles needles)
{
    private readonly List<string> _findings = [];
    private long _searched;

    /// <summary>Where which secret was found.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>How many bytes were looked through.</summary>
    public long Searched => _searched;

    public void Look(string place, string text) => Look(place, Encoding.UTF8.GetBytes(text));

    public void Look(string place, byte[] bytes)
    {
        _searched += bytes.Length;
        foreach (var name in needles.FindIn(bytes))
            _findings.Add($"{name} in {place}");
    }

    /// <summary>Looks through an answer; what it is there to show once is taken out first.</summary>
    public void Look(ApiAnswer answer, params string[] shown)
    {
        var text = string.Join('\n', answer.Headers.Select(header => $"{header.Key}: {header.Value}")) + "\n" + answer.Text;
        foreach (var secret in shown)
        {
            text.ShouldContain(secret);
            text = text.Replace(secret, "", StringComparison.Ordinal);
        }

        Look($"the answer to {answer.Call}", text);
    }

    public void LookAtFiles(string directory, params string[] secretFiles)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            if (!secretFiles.Contains(Path.GetFileName(file)))
                Look($"the file {Path.GetFileName(file)}", File.ReadAllBytes(file));
        }
    }
}
