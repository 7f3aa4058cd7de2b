using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Tests.Receivers;

/// <summary>A web server that remembers what it got and answers as told.</summary>
internal sealed class WebReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _inFlight;
    private int _mostInFlight;

    private WebReceiver(WebApplication app, Func<HttpContext, byte[], Task> answer)
    {
        _app = app;
        app.Run(async context =>
        {
            var now = Interlocked.Increment(ref _inFlight);
            InterlockedMax(now);
            try
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                Received.Enqueue(new ReceivedRequest(
                    context.Request.Method,
                    context.Request.Headers.ToDictionary(
                        header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                    body.ToArray()));
                await answer(context, body.ToArray());
            }
            finally
            {
                Interlocked.Decrement(ref _inFlight);
            }
        });
    }

    public ConcurrentQueue<ReceivedRequest> Received { get; } = new();

    public int MostInFlight => Volatile.Read(ref _mostInFlight);

    public int InFlight => Volatile.Read(ref _inFlight);

    public Uri Url => new(_app.Urls.First() + "/hook");

    public static Task<WebReceiver> StartAsync(int status = 200) =>
        StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

    public static async Task<WebReceiver> StartAsync(Func<HttpContext, byte[], Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new WebReceiver(builder.Build(), answer);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private void InterlockedMax(int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref _mostInFlight)))
            Interlocked.CompareExchange(ref _mostInFlight, value, seen);
    }
}
