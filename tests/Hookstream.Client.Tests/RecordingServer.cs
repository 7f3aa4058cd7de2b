using System.Net;
using System.Text;

namespace Hookstream.Client.Tests;

/// <summary>Answers each request with the next of the given answers, and keeps what was asked.</summary>
internal sealed class RecordingServer
{
    private readonly Queue<HttpResponseMessage> _answers = new();

    public List<RecordedRequest> Requests { get; } = [];

    public RecordedRequest Request => Requests.ShouldHaveSingleItem();

    public RecordingServer Answer(string json, HttpStatusCode status = HttpStatusCode.OK, string mediaType = "application/json")
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, mediaType) };
        answer.Headers.Add("X-Request-Id", "req-1");
        return Answer(answer);
    }

    public RecordingServer Answer(HttpResponseMessage answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public HookstreamClient Client(string address = "http://server.test", string? tenant = null) =>
        new(HttpClient(new Uri(address)), "token-1", tenant);

    public HttpClient HttpClient(Uri? address = null) => new(new Handler(this)) { BaseAddress = address };

    private sealed class Handler(RecordingServer server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            server.Requests.Add(new RecordedRequest(
                request.Method.Method,
                request.RequestUri!.AbsoluteUri,
                body,
                request.Content?.Headers.ContentType?.ToString(),
                request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value))));
            var answer = server._answers.Dequeue();
            answer.RequestMessage = request;
            return answer;
        }
    }
}
