using System.ComponentModel;
using System.Diagnostics;

namespace Hookstream.Benchmarks.Processes;

/// <summary>Runs a program to its end and hands back what it printed.</summary>
internal static class ProcessCommand
{
    public static async Task<string> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new BenchmarkException($"{program} ended with {process.ExitCode}: {await errors}{await output}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new BenchmarkException($"{start.FileName} did not start");
        }
        catch (Win32Exception missing) when (missing.NativeErrorCode == 2)
        {
            throw new BenchmarkException($"{start.FileName} is not installed ({missing.Message})");
        }
    }
}
