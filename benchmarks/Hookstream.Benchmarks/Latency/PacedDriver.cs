using System.Diagnostics;
using System.Text;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks.Latency;

/// <summary>
/// Posts events at a steady rate whether or not earlier ones are answered, so that a slow server gains nothing.
/// </summary>
internal static class PacedDriver
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static async Task<PacedEvent[]> RunAsync(
        Uri address,
        string token,
        int eventsPerSecond,
        int seconds,
        CancellationToken cancellationToken)
    {
        using var api = new ServerApi(address, token);
        var body = Encoding.UTF8.GetBytes(SampleEvent.Body(SampleEvent.Type));
        var posts = new Task<PacedEvent>[eventsPerSecond * seconds];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < posts.Length; i++)
        {
            var due = start + (i * Stopwatch.Frequency / eventsPerSecond);
            while (Stopwatch.GetTimestamp() < due)
                await Task.Delay(Tick, cancellationToken);
            posts[i] = PostAsync(api, body, due, cancellationToken);
        }

        return await Task.WhenAll(posts);
    }

    private static async Task<PacedEvent> PostAsync(
        ServerApi api,
        ReadOnlyMemory<byte> body,
        long due,
        CancellationToken cancellationToken)
    {
        var posted = Stopwatch.GetTimestamp();
        var eventId = await api.PostEventAsync(body, cancellationToken);
        return new PacedEvent(eventId, due, posted, Stopwatch.GetTimestamp());
    }
}
