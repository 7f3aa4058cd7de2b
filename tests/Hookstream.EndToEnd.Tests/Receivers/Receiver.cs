using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hookstream.EndToEnd.Tests.Receivers;

/// <summary>A real HTTP server on a free loopback port that records what arrives and behaves as each path is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan TrickleInterval = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, Endpoint> _endpoints = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>A path of its own that no other test uses.</summary>
    public Endpoint NewEndpoint(string name = "hook")
    {
        var path = $"/{name}/{Guid.NewGuid():N}";
        return _endpoints.GetOrAdd(path, _ => new Endpoint(new Uri(Address, path)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!_endpoints.TryGetValue(context.Request.Path.Value ?? "", out var endpoint))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ReceivedRequest(
            context.Request.Method, headers, body.ToArray(), TimeProvider.System.GetUtcNow());

        if (ChallengeIn(request) is { } challenge)
        {
            endpoint.TakeChallenge(request);
            if (endpoint.AnswersChallenge)
                await context.Response.WriteAsJsonAsync(new { challenge }, context.RequestAborted);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await AnswerAsync(context, endpoint.Take(request), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private static async Task AnswerAsync(HttpContext context, Reply reply, CancellationToken ended)
    {
        if (reply.Delay > TimeSpan.Zero)
            await Task.Delay(reply.Delay, ended);
        await reply.Gate.WaitAsync(ended);

        switch (reply.Behaviour)
        {
            case Behaviour.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, ended);
                break;
            case Behaviour.Abort:
                context.Abort();
                break;
            case Behaviour.Trickle:
                while (true)
                {
                    await context.Response.Body.WriteAsync("."u8.ToArray(), ended);
                    await context.Response.Body.FlushAsync(ended);
                    await Task.Delay(TrickleInterval, ended);
                }

            default:
                context.Response.StatusCode = reply.StatusCode;
                foreach (var (name, value) in reply.Headers)
                    context.Response.Headers[name] = value;
                await context.Response.Body.WriteAsync(reply.Body, ended);
                break;
        }
    }

    private static string? ChallengeIn(ReceivedRequest request)
    {
        // A cheap look first: only challenges and odd payloads are parsed.
        if (!request.Text.Contains("webhook.verify", StringComparison.Ordinal))
            return null;
        try
        {
            var json = request.Json;
            return json.TryGetProperty("type", out var type) && type.ValueEquals("webhook.verify")
                && json.TryGetProperty("challenge", out var challenge)
                ? challenge.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
