using System.Globalization;
using Hookstream.Client;
using Spectre.Console;

namespace Hookstream.Server.Commands.Terminal;

/// <summary>Prints what the API gave: lists as tables, single things as a field per line, or either as JSON.</summary>
internal static class Listing
{
    public static async Task PageAsync<T>(
        CommandOutput output, Page<T> page, string nothing, string[] columns, Func<T, string?[]> row)
    {
        if (output.Json)
        {
            output.WriteJson(new { Data = page.Items, Meta = new { page.Limit, page.NextCursor, page.Total } });
            return;
        }

        if (page.Items.Count == 0)
        {
            await output.NoteAsync(nothing).ConfigureAwait(false);
            return;
        }

        output.Terminal.Write(Table(columns, page.Items.Select(row)));
        if (page.NextCursor is { } cursor)
            await output.NoteAsync($"There is more: --cursor {TerminalText.Clean(cursor)}").ConfigureAwait(false);
    }

    public static void One<T>(CommandOutput output, T value, params (string Name, string? Value)[] fields)
    {
        if (output.Json)
        {
            output.WriteJson(value);
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (name, text) in fields)
        {
            if (text is not null)
                grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(TerminalText.CleanLines(text)));
        }

        output.Terminal.Write(grid);
    }

    public static Table Table(string[] columns, IEnumerable<string?[]> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column.ToUpperInvariant(), new Style(decoration: Decoration.Dim))).NoWrap().PadRight(2));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(TerminalText.Clean(cell))));
        return table;
    }

    public static string? Time(DateTimeOffset? time) =>
        time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string? List(IReadOnlyList<string>? values) => values is null ? null : string.Join(", ", values);
}
