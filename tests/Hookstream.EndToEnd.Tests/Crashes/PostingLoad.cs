using System.Collections.Concurrent;
using System.Net;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Crashes;

/// <summary>Posts events over many connections until the server is gone, and remembers which got a 202.</summary>
internal sealed class PostingLoad(HttpClient http, string key)
{
    private const int Posters = 24;
    private const int MostEvents = 50_000;
    private readonly ConcurrentBag<string> _accepted = [];
    private int _posted;

    public IReadOnlyCollection<string> Accepted => _accepted;

    /// <summary>Runs until <paramref name="serverGone"/> completes; a call that fails before that is an error.</summary>
    public Task RunAsync(Task serverGone) =>
        Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => PostAsync(serverGone)));

    private async Task PostAsync(Task serverGone)
    {
        var api = new ApiClient(http, key);
        while (!serverGone.IsCompleted)
        {
            var number = Interlocked.Increment(ref _posted);
            number.ShouldBeLessThan(MostEvents, "nobody stopped the load");
            try
            {
                var answer = await api.PostAsync(
                    "/api/v1/events", $$"""{"type":"order.paid","payload":{"number":{{number}},"text":"some more of it"} }""");
                if (answer.Status == (int)HttpStatusCode.Accepted)
                    _accepted.Add(answer.Data(202).Text("event_id"));
                else
                    answer.Status.ShouldBe((int)HttpStatusCode.ServiceUnavailable, answer.Text);
            }
            catch (HttpRequestException)
            {
                // Nobody knows then whether the event was accepted; only one that got its 202 counts. Where the server is
                // still meant to be up, the wait ends in a TimeoutException.
                await serverGone.WaitAsync(Patience.Limit);
            }
        }
    }
}
