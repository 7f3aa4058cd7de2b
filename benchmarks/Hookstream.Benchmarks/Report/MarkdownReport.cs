using System.Globalization;
using System.Text;

namespace Hookstream.Benchmarks.Report;

internal static class MarkdownReport
{
    private static readonly string[] FigureColumns =
    [
        "figure",
        "measured",
        "ceiling in the same run",
        "ratio",
        "target",
        "met",
    ];

    public static string Render(string title, Machine machine, string command, IReadOnlyList<Section> sections)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {title}\n\n");
        Table(text, ["machine", ""], machine.Facts.Select(fact => new[] { fact.Name, fact.Value }));
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nCommand: `{command}`. The load driver, the receiver and the server share the cores.\n\n## Figures\n\n");
        Table(text, FigureColumns, sections.SelectMany(section => section.Figures).Select(Row));
        foreach (var section in sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Title}\n\n{section.How}\n\n");
            Table(text, section.Rounds.Columns, section.Rounds.Rows);
        }

        return text.ToString();
    }

    private static string[] Row(Figure figure) =>
    [
        figure.Name,
        figure.Measured,
        figure.Ceiling,
        figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
        figure.Target,
        figure.Met switch { true => "yes", false => "**no**", null => "" },
    ];

    private static void Table(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", columns)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"|{string.Concat(Enumerable.Repeat("---|", columns.Count))}\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }
}
