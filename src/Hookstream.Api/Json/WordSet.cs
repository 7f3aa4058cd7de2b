using System.Diagnostics.CodeAnalysis;

namespace Hookstream.Api.Json;

/// <summary>A closed set of words that the API writes for the values of an enumeration.</summary>
internal sealed class WordSet<T>
    where T : struct
{
    private readonly (string Word, T Value)[] _words;

    public WordSet(params (string Word, T Value)[] words)
    {
        _words = words;
        Accepted = "one of " + string.Join(", ", words.Select(entry => $"'{entry.Word}'"));
    }

    /// <summary>What is accepted, for error messages.</summary>
    public string Accepted { get; }

    public IEnumerable<string> Words => _words.Select(entry => entry.Word);

    public bool TryParse([NotNullWhen(true)] string? word, out T value)
    {
        foreach (var (candidate, meaning) in _words)
        {
            if (candidate != word)
                continue;
            value = meaning;
            return true;
        }

        value = default;
        return false;
    }

    public string Format(T value)
    {
        foreach (var (word, meaning) in _words)
        {
            if (EqualityComparer<T>.Default.Equals(meaning, value))
                return word;
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "no word for this value");
    }
}
