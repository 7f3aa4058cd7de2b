namespace Hookstream.Server.Commands;

/// <summary>What commands take from the process around them; tests give their own.</summary>
internal sealed record CommandHost(Func<string, string?> Variable, TextReader Input, TimeProvider TimeProvider)
{
    public static CommandHost Process { get; } =
        new(Environment.GetEnvironmentVariable, Console.In, TimeProvider.System);

    /// <summary>The variable's value; one that is set but empty counts as unset.</summary>
    public string? Setting(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
