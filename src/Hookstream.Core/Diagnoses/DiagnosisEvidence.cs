namespace Hookstream.Core.Diagnoses;

/// <summary>What a diagnosis is made from.</summary>
/// <param name="Endpoint">The endpoint. Its secrets are known here only to be taken out of what it answered.</param>
/// <param name="Failures">What lately went wrong.</param>
/// <param name="Payloads">What was sent, of the events whose answers had a body; what is gone is not here.</param>
internal sealed record DiagnosisEvidence(
    EndpointSnapshot Endpoint, RecentFailures Failures, IReadOnlyDictionary<EventId, ReadOnlyMemory<byte>> Payloads)
{
    public ReadOnlyMemory<byte>? PayloadOf(FailedAttempt attempt) =>
        Payloads.TryGetValue(attempt.Event, out var payload) ? payload : (ReadOnlyMemory<byte>?)null;

    /// <summary>Without what it holds: secrets and payloads are in it.</summary>
    public override string ToString() => Endpoint.ToString();
}
