using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Hookstream.Server.Commands.Terminal;

/// <summary>Where a command prints: colours and tables for people at a terminal, plain text in files and pipes, JSON for
/// programs.</summary>
internal sealed class CommandOutput
{
    // Spectre folds to 80 columns what is no terminal, which breaks ids in two; nobody pipes into something this narrow.
    private const int PipeWidth = 400;

    private static readonly JsonSerializerOptions Indented = Options(indented: true);
    private static readonly JsonSerializerOptions Compact = Options(indented: false);

    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public CommandOutput(InvocationConfiguration configuration, bool json)
    {
        _out = configuration.Output;
        _error = configuration.Error;
        Json = json;
        var terminal = ReferenceEquals(_out, Console.Out) && !Console.IsOutputRedirected;
        Terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(_out),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!terminal)
            Terminal.Profile.Width = PipeWidth;
    }

    /// <summary>Print JSON instead of tables.</summary>
    public bool Json { get; }

    /// <summary>For what is built of Spectre's widgets.</summary>
    public IAnsiConsole Terminal { get; }

    public void WriteJson<T>(T value) => _out.WriteLine(JsonSerializer.Serialize(value, Indented));

    /// <summary>One line, for streams of values.</summary>
    public void WriteJsonLine<T>(T value)
    {
        _out.WriteLine(JsonSerializer.Serialize(value, Compact));
        _out.Flush();
    }

    /// <summary>A line of ours with values of others in it, which are cleaned and never read as markup.</summary>
    public void WriteLine(FormattableString line) =>
        Terminal.MarkupLine(string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            line.Format,
            [.. line.GetArguments().Select(argument => (object)TerminalText.Escape(argument?.ToString()))]));

    /// <summary>A remark beside the result, which stays out of pipes.</summary>
    public Task NoteAsync(string text) => _error.WriteLineAsync(text);

    public Task FailAsync(string message) => _error.WriteLineAsync($"error: {message}");

    private static JsonSerializerOptions Options(bool indented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            // Not for HTML: readable text and URLs. Control characters are escaped all the same.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            MaxDepth = 128,
        };
}
