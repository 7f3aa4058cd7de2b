namespace Hookstream.TestServers.Programs;

/// <summary>Waits for a server to answer.</summary>
internal static class ServerStart
{
    private static readonly TimeSpan Deadline = Patience.Limit;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <returns>False when the process ended instead.</returns>
    public static async Task<bool> WaitAsync(WatchedProcess process, ServerDirectory directory, Func<Task<bool>> answers)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await answers())
        {
            if (process.HasExited)
                return false;
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
                throw new TimeoutException($"a server did not answer within {Deadline}; it wrote\n{directory.Tail()}");
            await Task.Delay(PollInterval);
        }

        return !process.HasExited;
    }
}
