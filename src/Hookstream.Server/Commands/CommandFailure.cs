namespace Hookstream.Server.Commands;

/// <summary>A command cannot go on; the message is all that the user sees: what was wrong and what to do.</summary>
internal sealed class CommandFailure : Exception
{
    public CommandFailure(string message, int exitCode = CommandLine.Failure)
        : base(message) => ExitCode = exitCode;

    public int ExitCode { get; }
}
