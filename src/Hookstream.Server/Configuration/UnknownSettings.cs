using System.Text.RegularExpressions;
using Hookstream.Api.Problems;

namespace Hookstream.Server.Configuration;

/// <summary>Finds settings that nothing reads: misspelt ones, most often.</summary>
internal static partial class UnknownSettings
{
    private const string Prefix = "HOOKSTREAM_";
    private const string Section = "Hookstream:";

    // Read where they are needed, by the command line.
    private static readonly string[] Elsewhere = ["HOOKSTREAM_URL", "HOOKSTREAM_BANNER"];

    /// <summary>Each unknown name that is ours by its beginning or its place, and the known one that is nearest.</summary>
    public static IReadOnlyList<(string Name, string Nearest)> Find(IConfiguration configuration, IReadOnlyCollection<string> known)
    {
        string[] all = [.. known, .. Elsewhere];
        return
        [
            .. from setting in configuration.AsEnumerable()
               let name = NameOf(setting.Key)
               where name is not null && setting.Value is not null
               where !all.Contains(name, StringComparer.OrdinalIgnoreCase) && !IsOfKubernetes(name)
               orderby name
               select (name, NearestName.Find(name, all)!),
        ];
    }

    private static string? NameOf(string key)
    {
        if (key.StartsWith(Section, StringComparison.OrdinalIgnoreCase))
            return key[Section.Length..];
        return key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !key.Contains(':', StringComparison.Ordinal) ? key : null;
    }

    // Kubernetes gives every container variables about each Service; ours is likely to be called hookstream.
    private static bool IsOfKubernetes(string name) => ServiceVariable().IsMatch(name);

    [GeneratedRegex("^HOOKSTREAM_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)$")]
    private static partial Regex ServiceVariable();
}
