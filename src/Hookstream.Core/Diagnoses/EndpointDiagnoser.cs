namespace Hookstream.Core.Diagnoses;

/// <summary>
/// Finds out why an endpoint fails: gathers what is known of its recent failures, asks a model, and checks what that answers.
/// </summary>
public sealed class EndpointDiagnoser(
    IDiagnosisModel model, ISubscriberStore subscribers, IDeliveryStore deliveries, IEventStore events, TimeProvider time)
{
    /// <summary>How long all of it may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    // A provider that is busy is asked once more: either it was for a moment, or waiting here does not help.
    private static readonly TimeSpan PauseWhenBusy = TimeSpan.FromSeconds(1);

    // What the caller sees of an answer that is no use; the rest of it was told to the model.
    private const int FaultsTold = 3;

    /// <summary>Makes a diagnosis from the last <paramref name="limit"/> attempts that failed.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<DiagnosisResult> DiagnoseAsync(
        TenantId tenant, SubscriberId subscriber, int limit, CancellationToken cancellation)
    {
        if (await subscribers.FindEndpointAsync(tenant, subscriber, cancellation) is not { } endpoint)
            return new DiagnosisResult(DiagnosisOutcome.NotFound);
        var failures = await deliveries.FindFailuresAsync(tenant, subscriber, limit, cancellation);
        if (failures.Attempts.Count == 0)
            return new DiagnosisResult(DiagnosisOutcome.NoFailures);
        var payloads = await FindPayloadsAsync(tenant, failures, cancellation);
        var prompt = PromptWriting.Write(new DiagnosisEvidence(endpoint, failures, payloads), time.GetUtcNow());

        using var limitEnd = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limitEnd.Token);
        try
        {
            return await AskAsync(prompt, either.Token);
        }
        catch (OperationCanceledException) when (limitEnd.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new DiagnosisResult(
                DiagnosisOutcome.TimedOut, Detail: $"The model did not answer within {TimeLimit.TotalSeconds} s. Try again.");
        }
    }

    private async Task<IReadOnlyDictionary<EventId, ReadOnlyMemory<byte>>> FindPayloadsAsync(
        TenantId tenant, RecentFailures failures, CancellationToken cancellation)
    {
        var payloads = new Dictionary<EventId, ReadOnlyMemory<byte>>();
        var wanted = failures.Attempts.Where(attempt => attempt.ResponseBody is { IsEmpty: false }).Select(attempt => attempt.Event);
        foreach (var id in wanted.Distinct())
        {
            if (await events.FindAsync(tenant, id, cancellation) is { Payload: { } payload })
                payloads.Add(id, payload);
        }

        return payloads;
    }

    // The answer, or after one that is not as it should be a second one, with what was wrong with the first.
    private async Task<DiagnosisResult> AskAsync(DiagnosisPrompt prompt, CancellationToken cancellation)
    {
        var reply = await AskPatientlyAsync(prompt, cancellation);
        if (reply.Kind != ModelReplyKind.Answer)
            return Failed(reply.Text);
        if (DiagnosisAnswer.Read(reply.Text, out var faults) is { } diagnosis)
            return new DiagnosisResult(DiagnosisOutcome.Diagnosed, diagnosis);

        var repair = prompt.After(
            reply.Text.Length == 0 ? "(no text)" : reply.Text,
            $"That is not the JSON object that was asked for: {string.Join("; ", faults)}. Answer again, with nothing but that object.");
        reply = await AskPatientlyAsync(repair, cancellation);
        if (reply.Kind != ModelReplyKind.Answer)
            return Failed(reply.Text);
        return DiagnosisAnswer.Read(reply.Text, out faults) is { } repaired
            ? new DiagnosisResult(DiagnosisOutcome.Diagnosed, repaired)
            : Failed($"The model answered twice, and not as it was asked to: {string.Join("; ", faults.Take(FaultsTold))}.");
    }

    private async Task<ModelReply> AskPatientlyAsync(DiagnosisPrompt prompt, CancellationToken cancellation)
    {
        var reply = await model.AskAsync(prompt, cancellation);
        if (reply.Kind != ModelReplyKind.Busy)
            return reply;
        await Task.Delay(PauseWhenBusy, time, cancellation);
        return await model.AskAsync(prompt, cancellation);
    }

    private static DiagnosisResult Failed(string detail) => new(DiagnosisOutcome.Failed, Detail: detail);
}
