using System.Globalization;
using Hookstream.Core.Retries;

namespace Hookstream.Server.Configuration;

/// <summary>
/// Reads single settings from the environment, and from <c>appsettings.json</c> under <c>Hookstream</c> behind it; collects
/// every problem instead of stopping at the first.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private static readonly Dictionary<string, bool> Flags = new() { ["false"] = false, ["true"] = true };

    private readonly List<string> _problems = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>What was wrong: the variable, why, and what is accepted.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The settings that were asked for.</summary>
    public IReadOnlyCollection<string> Known => _known;

    /// <summary>The setting's text; null when it is unset or empty.</summary>
    public string? Text(string name) => RawText(name) is { Length: > 0 } value ? value : null;

    /// <summary>The setting's text; null when it is unset: where "nothing" is a value apart.</summary>
    public string? RawText(string name)
    {
        _known.Add(name);
        return configuration[name] ?? configuration[$"Hookstream:{name}"];
    }

    public int Number(string name, int fallback, int least, int most) => OptionalNumber(name, least, most) ?? fallback;

    public int? OptionalNumber(string name, int least, int most)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most)
            return value;
        Refuse(name, text, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return null;
    }

    public bool Flag(string name) => Choice(name, false, Flags);

    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (DurationText.TryParse(text, out var value) && value >= least && value <= most)
            return value;
        Refuse(
            name,
            text,
            $"{DurationText.Accepted}, from {DurationText.Format(least)} to {DurationText.Format(most)}");
        return fallback;
    }

    public T Choice<T>(string name, T fallback, IReadOnlyDictionary<string, T> choices)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (choices.TryGetValue(text.ToLowerInvariant(), out var value))
            return value;
        Refuse(name, text, $"one of {string.Join(", ", choices.Keys)}");
        return fallback;
    }

    /// <summary>Parses a setting with <paramref name="parse"/>, which gives null for what is not accepted.</summary>
    public T? Parsed<T>(string name, Func<string, T?> parse, string accepted, bool secret = false)
        where T : class => Text(name) is { } text ? Parsed(name, text, parse, accepted, secret) : null;

    /// <summary>Parses the text of a setting that was read already.</summary>
    public T? Parsed<T>(string name, string text, Func<string, T?> parse, string accepted, bool secret = false)
        where T : class
    {
        var value = parse(text);
        if (value is null)
            Refuse(name, secret ? null : text, accepted);
        return value;
    }

    /// <summary>Notes a problem that is more than one value's.</summary>
    public void Problem(string name, string problem) => _problems.Add($"{name}: {problem}");

    private void Refuse(string name, string? text, string accepted) =>
        Problem(name, $"{(text is null ? "its value" : $"'{text}'")} is not accepted; accepted: {accepted}");
}
