using System.Diagnostics;

namespace Hookstream.Delivery.Tests;

/// <summary>Waits for what happens in the background, generously, so that only a real failure fails.</summary>
internal static class Eventually
{
    /// <summary>Ends a test that hangs; nothing is measured by it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
                throw new TimeoutException($"did not come about: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
