using System.Diagnostics;

namespace Hookstream.Queue.Redis.Tests;

/// <summary>Waits for what another thread or process does.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            (clock.Elapsed < Patience).ShouldBeTrue("it did not come about in 30 s");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
