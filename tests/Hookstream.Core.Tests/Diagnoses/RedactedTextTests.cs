using CsCheck;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Core.Tests.Diagnoses;

public sealed class RedactedTextTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["abAB1{}"], 0, 60];

    [Fact]
    public void Value_is_replaced_wherever_it_is_whatever_its_case()
    {
        var text = new RedactedText("Token abcd, and ABCD again");

        text.MarkValue("abcd", "[x]");

        text.ToString().ShouldBe("Token [x], and [x] again");
    }

    [Fact]
    public void Run_that_another_text_has_is_replaced_as_far_as_it_goes()
    {
        var text = new RedactedText("got whsec_abcdefghij and more");

        text.MarkShared("whsec_ABCDEFGHIJKLMNOP", 8, "[x]");

        text.ToString().ShouldBe("got [x] and more");
    }

    [Fact]
    public void What_was_marked_first_stays_what_it_is()
    {
        var text = new RedactedText("one two three");

        text.MarkValue("two", "[a]");
        text.MarkValue("one two three", "[b]");

        text.ToString().ShouldBe("[b][a][b]");
    }

    [Fact]
    public void Replacements_are_not_looked_through()
    {
        var text = new RedactedText("secret");

        text.MarkValue("secret", "[payload]");
        text.MarkValue("payload", "[payload]");
        text.MarkValue("load", "[payload]");

        text.ToString().ShouldBe("[payload]");
    }

    [Fact]
    public void Marked_values_are_gone_and_the_rest_is_there() =>
        Gen.Select(Texts, Gen.String[Gen.Char["abAB1{}"], 2, 5]).Sample((source, value) =>
        {
            var text = new RedactedText(source);
            text.MarkValue(value, "#");
            var shown = text.ToString();

            return !shown.Contains(value, StringComparison.OrdinalIgnoreCase)
                && Without(shown) == Without(Unmarked(source, value));
        });

    [Fact]
    public void Shared_runs_are_those_that_are_in_both() =>
        Gen.Select(Texts, Texts, Gen.Int[2, 6]).Sample((source, other, least) =>
        {
            var text = new RedactedText(source);
            text.MarkShared(other, least, "#");
            var marked = new bool[source.Length];
            for (var at = 0; at + least <= source.Length; at++)
            {
                if (other.Contains(source.Substring(at, least), StringComparison.OrdinalIgnoreCase))
                    Array.Fill(marked, true, at, least);
            }

            return text.ToString() == Shown(source, marked);
        });

    private static string Without(string text) => text.Replace("#", "", StringComparison.Ordinal);

    private static string Unmarked(string source, string value)
    {
        var marked = new bool[source.Length];
        for (var at = 0; at + value.Length <= source.Length; at++)
        {
            if (source.AsSpan(at, value.Length).Equals(value, StringComparison.OrdinalIgnoreCase))
                Array.Fill(marked, true, at, value.Length);
        }

        return Shown(source, marked);
    }

    private static string Shown(string source, bool[] marked)
    {
        var shown = "";
        for (var at = 0; at < source.Length; at++)
            shown += !marked[at] ? source[at].ToString() : at == 0 || !marked[at - 1] ? "#" : "";
        return shown;
    }
}
