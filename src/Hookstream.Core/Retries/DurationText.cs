using System.Globalization;

namespace Hookstream.Core.Retries;

/// <summary>Durations as configuration and API write them: <c>^\d+(ms|s|m|h|d)$</c>.</summary>
public static class DurationText
{
    /// <summary>What is accepted, for error messages.</summary>
    public const string Accepted = "a whole number and a unit (ms, s, m, h or d), such as 500ms, 30s or 2h";

    private static readonly (string Suffix, long Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>Parses a duration; false when it is not <see cref="Accepted"/> or beyond 100 years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || digits > 15)
            return false;
        var suffix = text.AsSpan(digits);
        foreach (var (unit, milliseconds) in Units)
        {
            if (!suffix.SequenceEqual(unit))
                continue;
            var amount = long.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture);
            if (amount > 36_525L * 86_400_000 / milliseconds)
                return false;
            duration = TimeSpan.FromMilliseconds(amount * milliseconds);
            return true;
        }

        return false;
    }

    /// <summary>Writes a duration in the largest unit that holds it whole.</summary>
    public static string Format(TimeSpan duration)
    {
        var total = (long)duration.TotalMilliseconds;
        if (total == 0)
            return "0s";
        var (suffix, milliseconds) = Units.Last(unit => total % unit.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{total / milliseconds}{suffix}");
    }
}
