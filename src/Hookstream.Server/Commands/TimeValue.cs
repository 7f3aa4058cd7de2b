using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hookstream.Server.Commands;

/// <summary>Times and durations as people type them: `2026-01-31T12:00:00Z`, or `15m`, meaning that long from now.</summary>
internal static partial class TimeValue
{
    /// <summary>An option for a moment: a date and time, or a duration before now.</summary>
    public static Option<DateTimeOffset?> Past(string name, string description, TimeProvider timeProvider) =>
        Build(name, description, text => ParseDuration(text) is { } duration ? timeProvider.GetUtcNow() - duration : null);

    /// <summary>An option for a moment: a date and time, or a duration after now.</summary>
    public static Option<DateTimeOffset?> Future(string name, string description, TimeProvider timeProvider) =>
        Build(name, description, text => ParseDuration(text) is { } duration ? timeProvider.GetUtcNow() + duration : null);

    /// <summary>An option for a length of time.</summary>
    public static Option<TimeSpan?> Length(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "DURATION",
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (ParseDuration(text) is { } duration)
                    return duration;
                result.AddError($"{name} is '{text}'; accepted is a duration like 90s, 15m, 2h, 3d");
                return null;
            },
        };

    private static Option<DateTimeOffset?> Build(string name, string description, Func<string, DateTimeOffset?> relative) =>
        new(name)
        {
            Description = description,
            HelpName = "TIME",
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (relative(text) is { } moment)
                    return moment;
                const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
                if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var parsed))
                    return parsed;
                result.AddError($"{name} is '{text}'; accepted is a time like 2026-01-31T12:00:00Z or a duration like 90s, 15m, 2h, 3d");
                return null;
            },
        };

    private static TimeSpan? ParseDuration(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        try
        {
            return match.Groups[2].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(count),
                "s" => TimeSpan.FromSeconds(count),
                "m" => TimeSpan.FromMinutes(count),
                "h" => TimeSpan.FromHours(count),
                _ => count <= 36_500 ? TimeSpan.FromDays(count) : null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(\d+)(ms|s|m|h|d)$")]
    private static partial Regex Duration();
}
