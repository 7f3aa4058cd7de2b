using System.Text.RegularExpressions;

namespace Hookstream.Server.Tests.Documentation;

/// <summary>Links inside the repository lead somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Links_lead_to_files_and_headings_that_are_there()
    {
        var pages = Repository.Pages().ToDictionary(path => path, Repository.Read, StringComparer.Ordinal);
        pages.Count.ShouldBeGreaterThan(8);

        var dead =
            from page in pages
            from link in Links().Matches(Code().Replace(page.Value, "")).Select(match => match.Groups[1].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !Leads(pages, page.Key, link)
            select $"{page.Key}: {link}";

        dead.ShouldBeEmpty();
    }

    private static bool Leads(Dictionary<string, string> pages, string from, string link)
    {
        var parts = link.Split('#');
        var target = parts[0].Length == 0 ? from : Repository.Resolve(Path.GetDirectoryName(from)!, parts[0]);
        if (parts.Length == 1)
            return Repository.Has(target);
        return pages.TryGetValue(target, out var page)
            && Headings().Matches(Code().Replace(page, "")).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    // As GitHub makes them: lower case, without punctuation, spaces as hyphens.
    private static string Anchor(string heading) =>
        Punctuation().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
