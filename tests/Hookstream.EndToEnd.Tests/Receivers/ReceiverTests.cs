using System.Text;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Receivers;

/// <summary>The receiver itself: a test bench that lies would make every other test worthless.</summary>
public sealed class ReceiverTests : IAsyncLifetime
{
    private readonly HttpClient _http = new(new SocketsHttpHandler()) { Timeout = Patience.Limit };
    private Receiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Receiver_records_headers_and_bytes_and_follows_its_script()
    {
        var endpoint = _receiver.NewEndpoint().Replies(Reply.Status(503, ("Retry-After", "3")), Reply.Ok);

        using var first = await PostAsync(endpoint, "{ \"a\" : 1 }");
        using var second = await PostAsync(endpoint, "2");
        using var third = await PostAsync(endpoint, "3");

        ((int)first.StatusCode).ShouldBe(503);
        first.Headers.GetValues("Retry-After").ShouldBe(["3"]);
        ((int)second.StatusCode).ShouldBe(200);
        ((int)third.StatusCode).ShouldBe(200);
        var requests = await endpoint.WaitForAsync(3);
        requests[0].Body.ShouldBe("{ \"a\" : 1 }"u8.ToArray());
        requests[0].Header("content-type").ShouldBe("text/plain; charset=utf-8");
        requests[0].Method.ShouldBe("POST");
    }

    [Fact]
    public async Task Receiver_answers_a_challenge_and_keeps_it_apart()
    {
        var endpoint = _receiver.NewEndpoint();

        using var answer = await PostAsync(endpoint, """{"type":"webhook.verify","challenge":"c1"}""");

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"challenge":"c1"}""");
        endpoint.Challenges.Count.ShouldBe(1);
        endpoint.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiver_that_hangs_or_trickles_never_ends_its_answer()
    {
        foreach (var reply in new[] { Reply.Hang, Reply.Trickle })
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var endpoint = _receiver.NewEndpoint().Replies(reply);
            var posting = PostAsync(endpoint, "1", enough.Token);
            await endpoint.WaitForAsync(1);
            enough.CancelAfter(TimeSpan.FromSeconds(1));
            await Should.ThrowAsync<TaskCanceledException>(() => posting);
        }
    }

    [Fact]
    public async Task Receiver_that_aborts_closes_the_connection() =>
        await Should.ThrowAsync<HttpRequestException>(() => PostAsync(_receiver.NewEndpoint().Replies(Reply.Abort), "1"));

    private Task<HttpResponseMessage> PostAsync(Endpoint endpoint, string body, CancellationToken? cancellation = null) => _http.PostAsync(
        endpoint.Url, new StringContent(body, Encoding.UTF8), cancellation ?? TestContext.Current.CancellationToken);
}
