using System.Text;
using Hookstream.Server.Commands.Terminal;
using Spectre.Console;

namespace Hookstream.Server.Tests.Commands;

public sealed class JsonPainterTests
{
    [Theory]
    [InlineData("""{"a":1.50,"b":[true,null],"c":{},"d":[ ],"e":"x\"y"}""",
        "{\n  \"a\": 1.50,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": \"x\\\"y\"\n}")]
    [InlineData("""[{"a":1},{"b":2}]""", "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": 2\n  }\n]")]
    [InlineData("\"\\u001b[31m\"", "\"\\u001b[31m\"")]
    [InlineData(" 1e400 ", "1e400")]
    public void Paint_indents_and_keeps_values_as_written(string json, string expected)
    {
        var painted = JsonPainter.TryPaint(Encoding.UTF8.GetBytes(json), 100, out var leftOut).ShouldNotBeNull();

        Render(painted).ShouldBe(expected);
        leftOut.ShouldBe(0);
    }

    [Fact]
    public void Paint_leaves_out_lines_beyond_the_limit()
    {
        var painted = JsonPainter.TryPaint("[1,2,3,4]"u8, 3, out var leftOut).ShouldNotBeNull();

        Render(painted).ShouldBe("[\n  1,\n  2");
        leftOut.ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("plain text")]
    [InlineData("{} {}")]
    public void Paint_gives_nothing_for_what_is_no_json(string text) =>
        JsonPainter.TryPaint(Encoding.UTF8.GetBytes(text), 100, out _).ShouldBeNull();

    private static string Render(Paragraph painted)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Write(painted);
        return writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
