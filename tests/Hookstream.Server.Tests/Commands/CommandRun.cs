using System.CommandLine;
using Hookstream.Server.Commands;

namespace Hookstream.Server.Tests.Commands;

/// <summary>Runs the command line in this process, with an environment of the test's own.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly SignallingWriter _out = new();
    private readonly SignallingWriter _error = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        // No test may find the token of a server that runs beside it.
        ["HOOKSTREAM_DATA_DIR"] = Path.Combine(Path.GetTempPath(), "hookstream-tests-no-such-directory"),
    };

    public string Input { get; set; } = "";

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    public string Out => _out.Text;

    public string Error => _error.Text;

    public Task OutContainsAsync(string text) => _out.ContainsAsync(text);

    public Task ErrorContainsAsync(string text) => _error.ContainsAsync(text);

    public Task<int> RunAsync(params string[] arguments) => RunAsync(TestContext.Current.CancellationToken, arguments);

    public async Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var input = new StringReader(Input);
        var host = new CommandHost(name => Environment.GetValueOrDefault(name), input, TimeProvider);
        return await CommandLine.RunAsync(
            CommandLine.Build(host),
            arguments,
            new InvocationConfiguration { Output = _out, Error = _error },
            cancellationToken);
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }
}
