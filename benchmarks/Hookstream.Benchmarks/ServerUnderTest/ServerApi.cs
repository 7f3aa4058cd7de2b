using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Payloads;

namespace Hookstream.Benchmarks.ServerUnderTest;

/// <summary>The calls of the HTTP API that the benchmarks need; anything but success is an error.</summary>
internal sealed class ServerApi(Uri address, string token) : IDisposable
{
    private const int BatchSize = 1_000;
    private const int BatchesInFlight = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(60);
    private static readonly string[] Unfinished = ["pending", "failed", "dead_letter"];
    private readonly HttpMessageInvoker _invoker = SignedSender.CreateInvoker();
    private readonly AuthenticationHeaderValue _authorization = new("Bearer", token);

    public ServerApi(ServerProcess server)
        : this(server.Address, server.Token)
    {
    }

    public async Task<string> CreateSubscriberAsync(Uri url, string filter, CancellationToken cancellationToken)
    {
        var body = $$"""{"url":"{{url}}","events":["{{filter}}"],"verification":"none"}""";
        var answer = await SendAsync(
            HttpMethod.Post,
            "/api/v1/subscribers",
            Encoding.UTF8.GetBytes(body),
            cancellationToken);
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("data").GetProperty("id").GetString()
            ?? throw new BenchmarkException("the subscriber's id is null");
    }

    public Task PauseAsync(string subscriberId, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            $"/api/v1/subscribers/{subscriberId}/pause",
            """{"paused":true}"""u8.ToArray(),
            cancellationToken);

    public Task ResumeAsync(string subscriberId, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            $"/api/v1/subscribers/{subscriberId}/resume",
            """{"paused":false}"""u8.ToArray(),
            cancellationToken);

    public async Task<string> PostEventAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        EventAnswer.EventId(await SendAsync(HttpMethod.Post, "/api/v1/events", body, cancellationToken));

    /// <summary>Posts that many sample events in batches and makes sure that each made its deliveries.</summary>
    public async Task PreloadAsync(string type, int events, int deliveriesPerEvent, CancellationToken cancellationToken)
    {
        var full = SampleEvent.BatchBody(type, Math.Min(BatchSize, events));
        var batches = Enumerable.Range(0, (events + BatchSize - 1) / BatchSize);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = BatchesInFlight,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(batches, options, async (batch, cancel) =>
        {
            var count = Math.Min(BatchSize, events - (batch * BatchSize));
            var body = count == BatchSize ? full : SampleEvent.BatchBody(type, count);
            var answer = await SendAsync(HttpMethod.Post, "/api/v1/events/batch", body, cancel);
            var enqueued = EventAnswer.EnqueuedCount(answer);
            var expected = count * deliveriesPerEvent;
            if (enqueued != expected)
            {
                throw new BenchmarkException(
                    $"a batch of {count} events made {enqueued} deliveries instead of {expected}: {Text(answer)}");
            }
        });
    }

    /// <summary>Waits until every delivery to this subscriber is recorded as delivered.</summary>
    public async Task WaitUntilSettledAsync(string subscriberId, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var status in Unfinished)
        {
            while (await HasDeliveriesAsync(subscriberId, status, cancellationToken))
            {
                if (TimeProvider.System.GetElapsedTime(started) > SettleDeadline)
                {
                    throw new BenchmarkException(
                        $"{subscriberId} has deliveries that are {status} {SettleDeadline} after the last receipt");
                }

                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }

    public void Dispose() => _invoker.Dispose();

    private async Task<bool> HasDeliveriesAsync(string subscriberId, string status, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            HttpMethod.Get,
            $"/api/v1/deliveries?subscriber_id={subscriberId}&status={status}&limit=1",
            null,
            cancellationToken);
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("data").GetArrayLength() > 0;
    }

    private async Task<byte[]> SendAsync(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte>? body,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = _authorization;
        if (body is { } content)
        {
            request.Content = new ReadOnlyMemoryContent(content);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _invoker.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? answer
            : throw new BenchmarkException($"{method} {path} answered {(int)response.StatusCode}: {Text(answer)}");
    }

    private static string Text(byte[] answer) => Encoding.UTF8.GetString(answer, 0, Math.Min(answer.Length, 500));
}
