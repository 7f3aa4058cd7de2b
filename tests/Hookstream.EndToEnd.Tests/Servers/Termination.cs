using System.Diagnostics;
using System.Globalization;

namespace Hookstream.EndToEnd.Tests.Servers;

internal static class Termination
{
    /// <summary>
    /// Sends SIGTERM, or another signal. .NET has no gentle way to end another process; the shell's kill is there on every Unix.
    /// </summary>
    public static async Task SignalAsync(Process process, string signal = "TERM")
    {
        using var kill = Process.Start(
            "sh", ["-c", "kill -s \"$0\" \"$1\"", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
        kill.ExitCode.ShouldBe(0, $"the process was not running any more when it was to get SIG{signal}");
    }
}
