using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Hookstream.Client.Webhooks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hookstream.Server.Commands.Listen;

/// <summary>The web server of `listen`: answers challenges, verifies, misbehaves as told, and hands on what it got.</summary>
internal sealed class ListenReceiver : IAsyncDisposable
{
    private const int LargestBody = 64 * 1024 * 1024;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly ListenOptions _options;
    private readonly string? _path;
    private readonly WebhookVerifier? _verifier;
    private readonly ChannelWriter<ReceivedRequest> _received;
    private readonly TimeProvider _timeProvider;
    private readonly WebApplication _app;

    /// <summary>Builds the server; a path of null answers any.</summary>
    public ListenReceiver(
        ListenOptions options,
        string? path,
        WebhookVerifier? verifier,
        ChannelWriter<ReceivedRequest> received,
        TimeProvider timeProvider)
    {
        _options = options;
        _path = path;
        _verifier = verifier;
        _received = received;
        _timeProvider = timeProvider;

        // Empty: neither ASPNETCORE_URLS nor an appsettings.json of the service has a say here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddSingleton<IHostLifetime, DetachedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens, e.g. http://127.0.0.1:9000; known once started.</summary>
    public string Address { get; private set; } = "";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new CommandFailure($"Port {_options.Port} is in use; choose another with --port, or any free one with --port 0");
        }
        catch (SocketException exception)
        {
            throw new CommandFailure($"Cannot listen on port {_options.Port}: {exception.Message}; choose another with --port");
        }

        Address = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await _app.StopAsync(timeout.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "POST";
            return;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, aborted).ConfigureAwait(false);
        var request = Read(context.Request, buffer.ToArray(), out var challenge);
        await _received.WriteAsync(request, aborted).ConfigureAwait(false);

        if (request.Delay > TimeSpan.Zero)
        {
            try
            {
                await Task.Delay(request.Delay, _timeProvider, aborted).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _received.TryWrite(request with { Kind = ReceivedKind.Abandoned, At = _timeProvider.GetUtcNow() });
                return;
            }
        }

        context.Response.StatusCode = request.Answer;
        if (challenge is not null)
            await context.Response.WriteAsJsonAsync(new { challenge }, aborted).ConfigureAwait(false);
    }

    private ReceivedRequest Read(HttpRequest request, byte[] body, out string? challenge)
    {
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var (type, found) = ReadEnvelope(body);
        challenge = null;
        var received = new ReceivedRequest
        {
            Kind = ReceivedKind.Delivery,
            At = _timeProvider.GetUtcNow(),
            Headers = headers,
            Body = body,
            EventType = headers.GetValueOrDefault(WebhookHeaders.Event) ?? type,
            Signature = SignatureCheck.Run(_verifier, body, headers.GetValueOrDefault),
            Answer = StatusCodes.Status200OK,
        };

        if (_path is not null && !string.Equals(request.Path, _path, StringComparison.Ordinal))
        {
            // Another path is a subscriber of a run that could not clean up: gone makes the server disable it.
            return received with { Kind = ReceivedKind.Stale, Answer = StatusCodes.Status410Gone, Signature = SignatureCheck.None };
        }

        if (found is not null)
        {
            challenge = found;
            return received with { Kind = ReceivedKind.Challenge };
        }

        return received with
        {
            Answer = Random.Shared.NextDouble() < _options.FailRate ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK,
            Delay = _options.Delay,
        };
    }

    /// <summary>The type of an envelope, and the challenge when it is one.</summary>
    private static (string? Type, string? Challenge) ReadEnvelope(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return (null, null);
            var type = Text(root, "type") ?? Text(root, "event_type");
            return (type, type == "webhook.verify" ? Text(root, "challenge") : null);
        }
        catch (JsonException)
        {
            // Raw payloads of any kind are received too; the printer shows them as text.
            return (null, null);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
