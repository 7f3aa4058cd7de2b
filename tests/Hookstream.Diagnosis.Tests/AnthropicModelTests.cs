using System.Net.Sockets;
using System.Text.Json;
using Hookstream.Core.Diagnoses;
using Hookstream.TestServers.MessagesApi;
using Microsoft.Extensions.Logging;

namespace Hookstream.Diagnosis.Tests;

/// <summary>The model over the Messages API, against a server that speaks it.</summary>
public sealed class AnthropicModelTests : IAsyncLifetime
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""";

    private static readonly DiagnosisPrompt Prompt = new("Be brief.", ["What is it?"], Schema);

    private readonly CollectedLog _log = new();
    private ModelServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ModelServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Answer_comes_back_as_the_model_wrote_it()
    {
        _server.Answers(ModelAnswer.Says("""{"a":"b"}"""));

        (await AskAsync()).ShouldBe(new ModelReply(ModelReplyKind.Answer, """{"a":"b"}"""));

        var request = _server.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("/v1/messages");
        request.Headers.Values.ShouldContain(value => value.EndsWith(ModelServer.Key, StringComparison.Ordinal));
        request.Json.GetProperty("model").GetString().ShouldBe("claude-test");
        request.Json.GetProperty("max_tokens").GetInt32().ShouldBeGreaterThan(1_000);
        request.System.ShouldBe("Be brief.");
        request.Turns.ShouldBe([("user", "What is it?")]);
        var format = request.Json.GetProperty("output_config").GetProperty("format");
        format.GetProperty("type").GetString().ShouldBe("json_schema");
        JsonElement.DeepEquals(format.GetProperty("schema"), JsonElement.Parse(Schema)).ShouldBeTrue(format.ToString());
    }

    [Fact]
    public async Task Conversation_goes_in_turns()
    {
        _server.Answers(ModelAnswer.Says("{}"));

        await AskAsync(Prompt.After("no JSON", "Again, please."));

        _server.Requests.Single().Turns.ShouldBe([("user", "What is it?"), ("assistant", "no JSON"), ("user", "Again, please.")]);
    }

    [Fact]
    public async Task Refusal_is_told_apart()
    {
        _server.Answers(ModelAnswer.Says("I would rather not.", "refusal"));

        (await AskAsync()).Kind.ShouldBe(ModelReplyKind.Refusal);
    }

    [Fact]
    public async Task Stop_reason_that_is_not_known_is_no_fault()
    {
        _server.Answers(ModelAnswer.Says("{}", "some_new_reason"));

        (await AskAsync()).ShouldBe(new ModelReply(ModelReplyKind.Answer, "{}"));
    }

    [Theory]
    [InlineData(429, "rate_limit_error", ModelReplyKind.Busy, "429")]
    [InlineData(529, "overloaded_error", ModelReplyKind.Busy, "529")]
    [InlineData(401, "authentication_error", ModelReplyKind.Failure, "ANTHROPIC_API_KEY")]
    [InlineData(403, "permission_error", ModelReplyKind.Failure, "ANTHROPIC_API_KEY")]
    [InlineData(404, "not_found_error", ModelReplyKind.Failure, "ANTHROPIC_MODEL")]
    [InlineData(400, "invalid_request_error", ModelReplyKind.Failure, "400")]
    [InlineData(500, "api_error", ModelReplyKind.Failure, "500")]
    [InlineData(418, "something_new", ModelReplyKind.Failure, "418")]
    public async Task Error_of_the_provider_is_a_reply_that_tells_its_kind_and_no_more(
        int status, string type, ModelReplyKind kind, string told)
    {
        _server.Answers(ModelAnswer.Fails(status, type, "the account acme-4711 is known here"));

        var reply = await AskAsync();

        reply.Kind.ShouldBe(kind, reply.Text);
        reply.Text.ShouldContain(told);
        reply.Text.ShouldNotContain("acme-4711");
        _server.Requests.ShouldHaveSingleItem("whoever asks decides whether to try again");
        _log.Lines.ShouldHaveSingleItem().ShouldContain("claude-test");
        _log.Lines.ShouldAllBe(line => !line.Contains(ModelServer.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("{}")]
    [InlineData("""{"content":7}""")]
    [InlineData("")]
    public async Task Answer_that_is_no_message_is_a_failure(string body)
    {
        _server.Answers(new ModelAnswer(200, body));

        (await AskAsync()).Kind.ShouldBe(ModelReplyKind.Failure);
    }

    [Fact]
    public async Task Provider_that_cannot_be_reached_is_a_failure()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var nowhere = new Uri($"http://{taken.LocalEndpoint}");
        taken.Stop();

        var reply = await AskAsync(Prompt, nowhere);

        reply.ShouldBe(new ModelReply(ModelReplyKind.Failure, "The AI provider cannot be reached."));
    }

    [Fact]
    public async Task Wait_ends_when_it_is_cancelled()
    {
        _server.Answers((ModelAnswer?)null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var model = NewModel(_server.Address);

        var asking = model.AskAsync(Prompt, stop.Token);
        await _server.Asked.WaitAsync(Cancellation);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Options_do_not_show_the_key() =>
        new AnthropicOptions { ApiKey = ModelServer.Key }.ToString().ShouldBe(AnthropicOptions.DefaultModel);

    private Task<ModelReply> AskAsync(DiagnosisPrompt? prompt = null) => AskAsync(prompt ?? Prompt, _server.Address);

    private async Task<ModelReply> AskAsync(DiagnosisPrompt prompt, Uri address)
    {
        using var model = NewModel(address);
        return await model.AskAsync(prompt, Cancellation);
    }

    private AnthropicModel NewModel(Uri address) =>
        new(new AnthropicOptions { ApiKey = ModelServer.Key, Model = "claude-test", BaseUrl = address }, _log);

    private sealed class CollectedLog : ILogger<AnthropicModel>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception) + exception);
    }
}
