using System.Globalization;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Core.Tracing;

namespace Hookstream.Api.Events;

/// <summary>What was read of an event: its fields, and where in the body its payload is.</summary>
internal struct ParsedEvent
{
    public EventType Type;
    public int PayloadStart;
    public int PayloadLength;
    public string? IdempotencyKey;
    public EventPriority Priority;
    public DateTimeOffset? Timestamp;

    /// <summary>True when something in it is nested deeper than is accepted.</summary>
    public bool TooDeep;

    /// <summary>What is wrong with it; null as long as nothing is.</summary>
    public ValidationErrors? Errors;

    public void Fail(string field, string message) => (Errors ??= new ValidationErrors()).Add(field, message);

    /// <summary>Why it cannot be accepted; null when it can.</summary>
    public readonly Problem? Judge(int maxPayloadBytes)
    {
        if (TooDeep)
            return JsonScan.TooDeep;
        if (PayloadLength > maxPayloadBytes)
        {
            return new Problem(
                ProblemCode.PayloadTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The payload has {PayloadLength} bytes; at most {maxPayloadBytes} are accepted (HOOKSTREAM_MAX_PAYLOAD_BYTES)."));
        }

        return Errors is { Any: true } ? Errors.ToProblem() : null;
    }

    public readonly NewEvent ToNewEvent(TenantId tenant, ReadOnlyMemory<byte> payload, TraceContext? trace) =>
        new(tenant, Type, payload, Priority, IdempotencyKey, Timestamp, trace);
}
