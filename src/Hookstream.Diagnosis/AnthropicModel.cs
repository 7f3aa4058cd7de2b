using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Hookstream.Core.Diagnoses;
using Microsoft.Extensions.Logging;

namespace Hookstream.Diagnosis;

/// <summary>Asks a model of Anthropic's, over the Messages API.</summary>
public sealed class AnthropicModel : IDiagnosisModel, IDisposable
{
    // Room for every field at its longest, and a little for those who think before they write.
    private const int MaxTokens = 2_048;

    private readonly AnthropicOptions _options;
    private readonly ILogger _logger;
    private readonly AnthropicClient _client;

    /// <summary>Makes the client; it connects when it is asked something.</summary>
    public AnthropicModel(AnthropicOptions options, ILogger<AnthropicModel> logger)
    {
        _options = options;
        _logger = logger;
        // Whether to try again, and for how long, is decided by who asks. The other token of the environment is not ours to use.
        var client = new ClientOptions { ApiKey = options.ApiKey, AuthToken = null, MaxRetries = 0 };
        _client = new AnthropicClient(options.BaseUrl is { } url ? client with { BaseUrl = url.AbsoluteUri.TrimEnd('/') } : client);
    }

    /// <inheritdoc/>
    public async Task<ModelReply> AskAsync(DiagnosisPrompt prompt, CancellationToken cancellation)
    {
        try
        {
            return Read(await _client.Messages.Create(ParametersOf(prompt), cancellation));
        }
        catch (Exception exception) when (exception is AnthropicException or HttpRequestException or JsonException)
        {
            cancellation.ThrowIfCancellationRequested();
            var reply = ReplyTo(exception);
            Log.Failed(_logger, _options.Model, reply.Text);
            return reply;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private MessageCreateParams ParametersOf(DiagnosisPrompt prompt) => new()
    {
        Model = _options.Model,
        MaxTokens = MaxTokens,
        System = prompt.System,
        Messages = [.. prompt.Turns.Select(TurnOf)],
        OutputConfig = new OutputConfig
        {
            Format = new JsonOutputFormat
            {
                Schema = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(prompt.Schema)!,
            },
        },
    };

    private static MessageParam TurnOf(string text, int index) =>
        index % 2 == 0 ? new UserMessageParam(text) : new AssistantMessageParam(text);

    private static ModelReply Read(Message message)
    {
        var reason = message.StopReason?.Raw();
        if (reason == "refusal")
            return new ModelReply(ModelReplyKind.Refusal, "The model refused to answer.");
        var text = string.Concat(message.Content.Select(block => block.TryPickText(out var part) ? part.Text : ""));
        return new ModelReply(ModelReplyKind.Answer, text);
    }

    // What the provider writes in its errors may name its customer: clients of ours are told the kind and no more.
    private static ModelReply ReplyTo(Exception exception) => exception switch
    {
        AnthropicRateLimitException =>
            new(ModelReplyKind.Busy, "The AI provider takes no more requests from this deployment just now (429). Try again later."),
        AnthropicOverloadedException =>
            new(ModelReplyKind.Busy, "The AI provider is overloaded (529). Try again later."),
        AnthropicApiException { StatusCode: var status } when (int)status == 529 =>
            new(ModelReplyKind.Busy, "The AI provider is overloaded (529). Try again later."),
        AnthropicUnauthorizedException or AnthropicForbiddenException =>
            new(ModelReplyKind.Failure, "The AI provider does not accept the key of this deployment (ANTHROPIC_API_KEY)."),
        AnthropicNotFoundException =>
            new(ModelReplyKind.Failure, "The AI provider has no such model (ANTHROPIC_MODEL), or its address is wrong (ANTHROPIC_BASE_URL)."),
        AnthropicApiException { StatusCode: var status } =>
            new(ModelReplyKind.Failure, $"The AI provider answered with status {(int)status}."),
        AnthropicIOException or HttpRequestException => new(ModelReplyKind.Failure, "The AI provider cannot be reached."),
        _ => new(ModelReplyKind.Failure, "The AI provider's answer could not be read."),
    };
}
