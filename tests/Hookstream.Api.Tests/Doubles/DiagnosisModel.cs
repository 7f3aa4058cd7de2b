using System.Collections.Concurrent;
using System.Threading.Channels;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Api.Tests.Doubles;

/// <summary>A model that answers what it is told to, in order.</summary>
internal sealed class DiagnosisModel : IDiagnosisModel
{
    public const string Good =
        """
        {"summary":"It answers 500.","likely_cause":"A bug.","pattern":"systematic","recommended_action":"Look at the log.","confidence":"high"}
        """;

    private readonly ConcurrentQueue<ModelReply> _replies = new();
    private readonly Channel<DiagnosisPrompt> _asked = Channel.CreateUnbounded<DiagnosisPrompt>();

    public List<DiagnosisPrompt> Prompts { get; } = [];

    public DiagnosisModel Answers(params string[] answers)
    {
        foreach (var answer in answers)
            _replies.Enqueue(new ModelReply(ModelReplyKind.Answer, answer));
        return this;
    }

    public DiagnosisModel Replies(ModelReplyKind kind, string text)
    {
        _replies.Enqueue(new ModelReply(kind, text));
        return this;
    }

    /// <summary>Completes when it has been asked once more.</summary>
    public async Task AskedAsync() => await _asked.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<ModelReply> AskAsync(DiagnosisPrompt prompt, CancellationToken cancellation)
    {
        Prompts.Add(prompt);
        // What is left to answer is taken before anybody is told, or the clock could be moved on between.
        var answered = _replies.TryDequeue(out var reply);
        _asked.Writer.TryWrite(prompt);
        if (!answered)
            await Task.Delay(Timeout.Infinite, cancellation);
        return reply!;
    }
}
