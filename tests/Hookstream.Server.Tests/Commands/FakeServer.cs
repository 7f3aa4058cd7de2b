using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hookstream.Server.Tests.Commands;

/// <summary>Stands for the service: answers what a test scripts per method and path, and keeps what was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly Dictionary<string, Func<FakeRequest, (int Status, string Body)>> _routes = new(StringComparer.Ordinal);
    private readonly List<FakeRequest> _requests = [];
    private readonly Lock _gate = new();
    private WebApplication? _app;

    public string Url { get; private set; } = "";

    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    public FakeServer On(string route, int status, string body) => On(route, _ => (status, body));

    public FakeServer On(string route, Func<FakeRequest, (int Status, string Body)> answer)
    {
        _routes[route] = answer;
        return this;
    }

    public async Task<FakeServer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new FakeRequest(
            $"{context.Request.Method} {context.Request.Path}",
            context.Request.QueryString.Value ?? "",
            await reader.ReadToEndAsync(context.RequestAborted),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()));
        lock (_gate)
            _requests.Add(request);

        var (status, body) = _routes.TryGetValue(request.Route, out var answer)
            ? answer(request)
            : (404, """{"code":"not_found","detail":"there is no such thing"}""");
        context.Response.StatusCode = status;
        context.Response.Headers["X-Request-Id"] = "req-7";
        if (status != StatusCodes.Status204NoContent)
            await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
