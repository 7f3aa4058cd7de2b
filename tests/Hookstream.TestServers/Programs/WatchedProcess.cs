using System.Diagnostics;
using System.Globalization;

namespace Hookstream.TestServers.Programs;

/// <summary>
/// A server under a shell that ends it and removes its directory when this process is gone, however it went: the shell
/// reads a pipe that only this process holds open.
/// </summary>
internal sealed class WatchedProcess : IAsyncDisposable
{
    private const string Script =
        """
        directory=$1 ending=$2 log=$3
        shift 3
        trap '' HUP INT TERM
        exec 3<&0 < /dev/null
        "$@" >> "$log" 2>&1 3<&- &
        server=$!
        echo "$server"
        exec > /dev/null 2>&1
        orphaned=
        trap 'orphaned=1; kill -s CONT "$server"; kill -s "$ending" "$server"' USR1
        (read -r _ <&3; kill -s USR1 $$) &
        reader=$!
        exec 3<&-
        while kill -0 "$server"; do wait "$server"; done
        kill "$reader"
        [ -z "$orphaned" ] || rm -rf "$directory"
        """;

    private readonly Process _shell;

    private WatchedProcess(Process shell, int id)
    {
        _shell = shell;
        Id = id;
    }

    /// <summary>The server's process id.</summary>
    public int Id { get; }

    public bool HasExited => _shell.HasExited;

    /// <summary>Starts a command.</summary>
    /// <param name="directory">What is removed when this process dies, or disposes of this.</param>
    /// <param name="ending">The signal that ends the server then.</param>
    /// <param name="command">The program and its arguments.</param>
    public static async Task<WatchedProcess> StartAsync(ServerDirectory directory, string ending, string[] command)
    {
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", directory.Path, ending, directory.Log, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = directory.Path,
        };
        start.Environment["LC_ALL"] = "C";
        var shell = Process.Start(start)!;
        var id = await shell.StandardOutput.ReadLineAsync();
        return new WatchedProcess(shell, int.Parse(id!, CultureInfo.InvariantCulture));
    }

    /// <summary>Sends a signal to the server.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("sh", ["-c", "kill -s \"$0\" \"$1\"", signal, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until the server has ended.</summary>
    public Task WaitForExitAsync(TimeSpan deadline) => _shell.WaitForExitAsync().WaitAsync(deadline);

    /// <summary>Ends the server, if it still runs, and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
