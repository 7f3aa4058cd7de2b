using System.Net;
using Hookstream.Client;
using Hookstream.Client.Subscribers;
using Hookstream.Server.Commands.Connection;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Listen;

/// <summary>The subscriber that `listen` registers for itself and deletes when it ends.</summary>
internal sealed class ListenRegistration(
    CommandHost host, string? urlOption, string? tokenOption, string? tenant, CommandOutput output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private readonly Uri _server = ServerAddress.Resolve(host, urlOption);
    private AccessToken? _token;

    /// <summary>The subscriber's id, while there is one.</summary>
    public string? SubscriberId { get; private set; }

    public bool Registered => SubscriberId is not null;

    /// <summary>Registers, waiting for a server that is not up yet.</summary>
    public async Task CreateAsync(
        string url, IReadOnlyList<string> events, string secret, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (!_server.IsLoopback)
            await output.NoteAsync($"note: {_server.Host} is another machine; it will deliver to its own 127.0.0.1, not to this one").ConfigureAwait(false);

        var started = timeProvider.GetTimestamp();
        var waiting = false;
        while (await TryCreateAsync(url, events, secret, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            if (timeProvider.GetElapsedTime(started) >= Patience)
                throw new CommandFailure(problem);
            if (!waiting)
                await output.NoteAsync($"Waiting for a server at {_server.GetLeftPart(UriPartial.Authority)} (start it with `make run`) …").ConfigureAwait(false);
            waiting = true;
            await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the subscriber, if there is one; says so when that fails.</summary>
    public async Task DeleteAsync()
    {
        if (SubscriberId is not { } id || _token is not { } token)
            return;

        using var connection = new ServerConnection(_server, token, tenant);
        using var timeout = new CancellationTokenSource(CallTimeout);
        string problem;
        try
        {
            await connection.Client.Subscribers.DeleteAsync(id, timeout.Token).ConfigureAwait(false);
            SubscriberId = null;
            return;
        }
        catch (HookstreamApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            SubscriberId = null;
            return;
        }
        catch (HookstreamApiException exception)
        {
            problem = ConnectionProblem.Describe(exception, token);
        }
        catch (HttpRequestException exception)
        {
            problem = ConnectionProblem.Describe(exception, _server);
        }
        catch (OperationCanceledException)
        {
            problem = ConnectionProblem.DescribeTimeout(_server);
        }

        await output.FailAsync($"The subscriber {id} is still registered: {problem}").ConfigureAwait(false);
        await output.NoteAsync($"Delete it later with: hookstream subscribers delete {id}").ConfigureAwait(false);
    }

    /// <summary>Null when registered; else what a server that may still be starting lacks. Throws what waiting cannot mend.</summary>
    private async Task<string?> TryCreateAsync(
        string url, IReadOnlyList<string> events, string secret, CancellationToken cancellationToken)
    {
        _token = await AccessToken.FindAsync(host, tokenOption, tenant is not null, cancellationToken).ConfigureAwait(false);
        if (_token is not { } token)
        {
            // On its very first start the server writes the token before it listens.
            if (await UnreachableAsync(cancellationToken).ConfigureAwait(false) is { } unreachable)
                return unreachable;
            _token = token = await AccessToken.ResolveAsync(host, tokenOption, tenant is not null, cancellationToken).ConfigureAwait(false);
        }

        using var connection = new ServerConnection(_server, token, tenant);
        // Not cancelled by Ctrl-C: the server may have registered it, and without its id nobody could delete it.
        using var timeout = new CancellationTokenSource(CallTimeout);
        try
        {
            var created = await connection.Client.Subscribers.CreateAsync(
                new NewSubscriber
                {
                    Url = url,
                    Events = events,
                    Secret = secret,
                    Description = "hookstream listen: removed when it ends",
                },
                timeout.Token).ConfigureAwait(false);
            SubscriberId = created.Id;
            return null;
        }
        catch (HookstreamApiException exception) when (exception.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return ConnectionProblem.Describe(exception, token);
        }
        catch (HookstreamApiException exception)
        {
            throw new CommandFailure($"Cannot register: {ConnectionProblem.Describe(exception, token)}");
        }
        catch (HttpRequestException exception)
        {
            return ConnectionProblem.Describe(exception, _server);
        }
        catch (OperationCanceledException)
        {
            return ConnectionProblem.DescribeTimeout(_server);
        }
    }

    private async Task<string?> UnreachableAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { Timeout = CallTimeout };
        try
        {
            using var response = await http.GetAsync(new Uri(_server, "/health/live"), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (HttpRequestException exception)
        {
            return ConnectionProblem.Describe(exception, _server);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ConnectionProblem.DescribeTimeout(_server);
        }
    }
}
