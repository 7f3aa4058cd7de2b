using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>
/// A client as careful as it should be: a few connections post at a steady rate, each event with an idempotency key, and again
/// with the same key until it has its 202, whatever happens to the server. So what was accepted is known exactly.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    private const int Connections = 8;
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, long> _accepted = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly HttpClient _http;
    private readonly Task _posting;
    private int _posted;
    private int _refused;
    private int _unanswered;

    private EventStream(Uri address, string key, int eventsPerSecond)
    {
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections })
        {
            BaseAddress = address,
            Timeout = AnswerDeadline,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var interval = TimeSpan.FromSeconds((double)Connections / eventsPerSecond);
        _posting = Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => PostAsync(interval))));
    }

    /// <summary>When each event had its first 202.</summary>
    public IReadOnlyDictionary<string, long> Accepted => _accepted;

    /// <summary>Answers that said 503.</summary>
    public int Refused => _refused;

    /// <summary>Requests whose answer never came.</summary>
    public int Unanswered => _unanswered;

    public static EventStream Start(Uri address, string key, int eventsPerSecond) => new(address, key, eventsPerSecond);

    /// <summary>Posts nothing new, and waits until all that was posted is accepted.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        await _stopping.CancelAsync();
        await _posting.WaitAsync(deadline);
    }

    /// <summary>Fails where the client has met an answer that it does not understand.</summary>
    public void ShouldBeRunning() => _posting.IsCompleted.ShouldBeFalse($"the stream ended early: {_posting.Exception}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _http.CancelPendingRequests();
        // What it has met is told by StopAsync; a test that did not get as far has failed already.
        await _posting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task PostAsync(TimeSpan interval)
    {
        using var pace = new PeriodicTimer(interval);
        while (!_stopping.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _posted);
            while (!await TryPostAsync(number))
                await Task.Delay(RetryDelay, CancellationToken.None);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<bool> TryPostAsync(int number)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"order.paid","payload":{"number":{{number}},"text":"some more of it"},"idempotency_key":"{{_run}}-{{number}}"}""");
        try
        {
            using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
            using var answer = await _http.PostAsync("/api/v1/events", content, CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                answer.Headers.RetryAfter.ShouldNotBeNull();
                Interlocked.Increment(ref _refused);
                return false;
            }

            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(CancellationToken.None));
            var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
            var id = accepted.GetProperty("data").GetProperty("event_id").GetString()!;
            _accepted.TryAdd(id, TimeProvider.System.GetTimestamp());
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            Interlocked.Increment(ref _unanswered);
            return false;
        }
    }
}
