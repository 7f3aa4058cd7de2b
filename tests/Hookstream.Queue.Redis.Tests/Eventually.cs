using System.Diagnostics;

namespace Hookstream.Queue.Redis.Tests;

/// <summary>Waits for what another thread or process does.</summary>
internal static class Eventually
{
    public static async Task BecomesTrueAsync(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            clock.Elapsed.ShouldBeLessThan(Patience.Limit, "it did not come about");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
