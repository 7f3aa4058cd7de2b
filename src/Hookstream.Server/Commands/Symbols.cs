using System.CommandLine;
using System.Globalization;

namespace Hookstream.Server.Commands;

/// <summary>Options and arguments that several commands have, so that they read alike everywhere.</summary>
internal static class Symbols
{
    public static Argument<string> Id(string what, string prefix) =>
        new("ID") { Description = $"The {what}'s id, {prefix}_…" };

    public static Option<string?> Text(string name, string description, string helpName = "TEXT") =>
        new(name) { Description = description, HelpName = helpName };

    public static Option<int?> Number(string name, string description) =>
        new(name) { Description = description, HelpName = "N" };

    public static Option<double?> Fraction(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            // As JSON has it, whatever the machine's language.
            CustomParser = result =>
            {
                var text = result.Tokens.Single().Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                    return number;
                result.AddError($"{name} '{text}' is no number such as 10 or 0.5");
                return null;
            },
        };

    /// <summary>A list: the option may be repeated, and each value may hold several, separated by commas.</summary>
    public static Option<string[]> List(string name, string description, string helpName) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Split(result.Tokens.Select(token => token.Value)),
        };

    public static (Option<int?> Limit, Option<string?> Cursor) Paging()
    {
        var limit = Number("--limit", "How many, 1–100. Default: 20");
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 100)
                result.AddError("--limit is a number from 1 to 100");
        });
        return (limit, Text("--cursor", "Where the page before ended", "CURSOR"));
    }

    public static string[] Split(IEnumerable<string> values) =>
        [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
