using System.CommandLine;
using Hookstream.Client;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands;

/// <summary>One run of a command: its arguments, its client, and where it prints.</summary>
internal sealed record CommandSession(ParseResult Arguments, HookstreamClient Client, CommandOutput Output)
{
    public T Get<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    /// <summary>Whether the user wrote the option, whatever its value.</summary>
    public bool Has(Option option) => Arguments.GetResult(option) is { Implicit: false };
}
