using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests;

/// <summary>Waits for what a server gets round to by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(40);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expectation, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Patience.Limit;
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new TimeoutException($"waited {limit} for {expectation()}");
            await Task.Delay(PollInterval, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>
    /// Waits until checks pass that may fail for a moment: a fetch of the metrics that a busy machine answers too late leaves
    /// Prometheus without any of them until the next.
    /// </summary>
    public static async Task PassAsync(Func<Task> checkAsync)
    {
        ShouldAssertException? failure = null;
        await TrueAsync(
            async () =>
            {
                try
                {
                    await checkAsync();
                    return true;
                }
                catch (ShouldAssertException exception)
                {
                    failure = exception;
                    return false;
                }
            },
            () => $"checks to pass; the last time:\n{failure!.Message}");
    }
}
