using System.Text;
using System.Text.RegularExpressions;

namespace Hookstream.Core.Diagnoses;

/// <summary>
/// A text of which parts are not shown. They are marked first, each by what it is, and replaced all at once: what stands in their
/// place is no text that anything else could be found in.
/// </summary>
internal sealed class RedactedText(string text)
{
    private const ulong HashBase = 1_099_511_628_211;

    private readonly string?[] _marks = new string?[text.Length];

    /// <summary>Marks a value wherever it is; case does not count.</summary>
    public void MarkValue(string value, string replacement)
    {
        for (var at = IndexOf(value, 0); at >= 0; at = IndexOf(value, at + 1))
            Mark(at, value.Length, replacement);
    }

    /// <summary>
    /// Marks every run of at least <paramref name="least"/> characters that is in <paramref name="source"/>, too: what is cut off is
    /// found as well. Case does not count. It reads the source once, however long that is.
    /// </summary>
    public void MarkShared(string source, int least, string replacement)
    {
        if (text.Length < least || source.Length < least)
            return;
        // Runs are told apart by hashes of 64 bits: two that agree by chance would hide more, not less.
        var ofText = new HashSet<ulong>(Runs(text, least));
        var shared = new HashSet<ulong>(Runs(source, least).Where(ofText.Contains));
        if (shared.Count == 0)
            return;
        var at = 0;
        foreach (var run in Runs(text, least))
        {
            if (shared.Contains(run))
                Mark(at, least, replacement);
            at++;
        }
    }

    /// <summary>Marks what a pattern matches; of one with a group <c>value</c>, that alone.</summary>
    public void MarkMatches(Regex pattern, string replacement)
    {
        foreach (Match match in pattern.Matches(text))
        {
            var marked = match.Groups["value"] is { Success: true } value ? value : match;
            Mark(marked.Index, marked.Length, replacement);
        }
    }

    /// <summary>The text, with what was marked replaced.</summary>
    public override string ToString()
    {
        var shown = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (_marks[at] is not { } replacement)
                shown.Append(text[at]);
            else if (at == 0 || _marks[at - 1] != replacement)
                shown.Append(replacement);
        }

        return shown.ToString();
    }

    private static IEnumerable<ulong> Runs(string text, int length)
    {
        var leaving = 1UL;
        for (var count = 1; count < length; count++)
            leaving = unchecked(leaving * HashBase);
        var hash = 0UL;
        for (var at = 0; at < text.Length; at++)
        {
            if (at >= length)
                hash = unchecked(hash - (Code(text[at - length]) * leaving));
            hash = unchecked((hash * HashBase) + Code(text[at]));
            if (at >= length - 1)
                yield return hash;
        }
    }

    private static ulong Code(char character) => char.ToUpperInvariant(character) + 1UL;

    private int IndexOf(string value, int from) => text.IndexOf(value, from, StringComparison.OrdinalIgnoreCase);

    private void Mark(int at, int length, string replacement)
    {
        for (var marked = at; marked < at + length; marked++)
            _marks[marked] ??= replacement;
    }
}
