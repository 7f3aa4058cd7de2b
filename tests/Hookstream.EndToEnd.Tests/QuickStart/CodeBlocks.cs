using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.QuickStart;

/// <summary>What a document of the repository gives to be pasted.</summary>
internal static partial class CodeBlocks
{
    public static IEnumerable<string> Of(string document, string language) =>
        Fences().Matches(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Where(block => block.Groups[1].Value == language)
            .Select(block => block.Groups[2].Value);

    [GeneratedRegex("^```([a-z]+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
