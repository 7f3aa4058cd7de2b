using System.Diagnostics;

namespace Hookstream.Benchmarks.Processes;

/// <summary>
/// This program again, as another process, in one of its hidden roles. A role that listens prints its address as its
/// first line and ends when its standard input does, so it does not outlive the run.
/// </summary>
internal sealed class OwnProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private OwnProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<OwnProcess> StartListenerAsync(
        string role,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken)
    {
        var (program, prefix) = Self();
        var process = ProcessCommand.Start(new ProcessStartInfo(program, [.. prefix, role, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (!Uri.TryCreate(line, UriKind.Absolute, out var address))
        {
            process.Kill();
            process.Dispose();
            throw new BenchmarkException($"{role} printed no address but '{line}'");
        }

        return new OwnProcess(process, address);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static (string Program, string[] Prefix) Self()
    {
        var program = Environment.ProcessPath ?? throw new BenchmarkException("the path of this program is unknown");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? (program, [typeof(OwnProcess).Assembly.Location])
            : (program, []);
    }
}
