using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hookstream.TestServers.MessagesApi;

/// <summary>A local server that speaks the Messages API: answers what it was told to, in order, and remembers what it was asked.</summary>
public sealed class ModelServer : IAsyncDisposable
{
    /// <summary>A key that it takes, as it takes any.</summary>
    public const string Key = "sk-test-0123456789abcdef";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ModelAnswer?> _answers = new();
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ModelServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    /// <summary>Completes with the first request.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Starts one on a free port.</summary>
    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new ModelServer(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    /// <summary>What it answers next, one after the other; null: nothing, for as long as the client waits.</summary>
    public ModelServer Answers(params ModelAnswer?[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        return this;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _requests.Enqueue(new ModelRequest(context.Request.Path, headers, await reader.ReadToEndAsync(context.RequestAborted)));
        _asked.TrySetResult();
        if (!_answers.TryDequeue(out var answer))
            answer = ModelAnswer.Fails(500, "api_error", "the test told no answer");
        if (answer is null)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
