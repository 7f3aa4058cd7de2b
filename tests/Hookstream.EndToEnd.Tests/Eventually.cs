namespace Hookstream.EndToEnd.Tests;

/// <summary>Waits for what a server gets round to by itself.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(40);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expectation, TimeSpan? deadline = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (deadline ?? Deadline))
                throw new TimeoutException($"waited {deadline ?? Deadline} for {expectation()}");
            await Task.Delay(PollInterval, TestContext.Current.CancellationToken);
        }
    }
}
