using System.Diagnostics;

namespace Hookstream.Delivery.Tests;

/// <summary>Waits for what happens in the background, generously, so that only a real failure fails.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(20))
                throw new TimeoutException($"did not come about within 20 s: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
