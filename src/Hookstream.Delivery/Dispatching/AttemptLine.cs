using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hookstream.Core.Ids;
using Hookstream.Core.Times;
using Hookstream.Core.Tracing;
using ZLogger;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// What was sent where, what came of it, and what becomes of the delivery. The names of its properties are what people search and
/// alert on; never payloads, headers or secrets.
/// </summary>
/// <remarks>
/// To any logger it is a list of properties. The server's writes it later, on a thread of its own, and lets it write itself,
/// because boxing and naming thirteen properties costs more than the rest of the line. Until then it holds its values alone:
/// the work would keep the payload in memory.
/// </remarks>
internal readonly struct AttemptLine : IZLoggerFormattable, IReadOnlyList<KeyValuePair<string, object?>>
{
    // The message names what somebody reads first: all else are properties, and writing each twice would cost more than it tells.
    private const string Format = "Attempt {Attempt}: {Outcome}";

    // Enough for the message with the longest of everything.
    private const int LongestMessage = 96;

    private static readonly JsonEncodedText TenantName = JsonEncodedText.Encode("tenant");
    private static readonly JsonEncodedText EventName = JsonEncodedText.Encode("event");
    private static readonly JsonEncodedText EventTypeName = JsonEncodedText.Encode("event_type");
    private static readonly JsonEncodedText DeliveryName = JsonEncodedText.Encode("delivery");
    private static readonly JsonEncodedText EndpointName = JsonEncodedText.Encode("endpoint");
    private static readonly JsonEncodedText AttemptName = JsonEncodedText.Encode("attempt");
    private static readonly JsonEncodedText TriggerName = JsonEncodedText.Encode("trigger");
    private static readonly JsonEncodedText OutcomeName = JsonEncodedText.Encode("outcome");
    private static readonly JsonEncodedText StatusCodeName = JsonEncodedText.Encode("status_code");
    private static readonly JsonEncodedText DurationName = JsonEncodedText.Encode("duration_ms");
    private static readonly JsonEncodedText StatusName = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText NextAttemptName = JsonEncodedText.Encode("next_attempt_at");
    private static readonly JsonEncodedText TraceName = JsonEncodedText.Encode("trace_id");

    private static readonly JsonEncodedText[] Triggers = Encode<AttemptTrigger>(AttemptTriggerCodes.ToCode);
    private static readonly JsonEncodedText[] Outcomes = Encode<AttemptOutcome>(AttemptOutcomeCodes.ToCode);
    private static readonly JsonEncodedText[] Statuses = Encode<DeliveryStatus>(DeliveryStatusCodes.ToCode);

    private readonly TenantId _tenant;
    private readonly EventId _event;
    private readonly DeliveryId _delivery;
    private readonly SubscriberId _endpoint;
    private readonly string _eventType;
    private readonly TraceContext? _trace;
    private readonly Milliseconds _duration;
    private readonly DateTimeOffset? _nextAttemptAt;
    private readonly int _attempt;
    private readonly int? _statusCode;
    private readonly AttemptTrigger _trigger;
    private readonly AttemptOutcome _outcome;
    private readonly DeliveryStatus _status;

    /// <param name="work">What was sent.</param>
    /// <param name="trace">The trace that it was sent in; null: none.</param>
    /// <param name="settlement">With the attempt.</param>
    /// <param name="now">What the wait before the next attempt counts from.</param>
    public AttemptLine(DeliveryWork work, TraceContext? trace, Settlement settlement, DateTimeOffset now)
    {
        var attempt = settlement.Attempt!;
        _tenant = work.Lease.Tenant;
        _event = work.Event;
        _delivery = work.Lease.Delivery;
        _endpoint = work.Lease.Subscriber;
        _eventType = work.EventType.Value;
        _trace = trace;
        _duration = new Milliseconds(attempt.Duration);
        _nextAttemptAt = NextAttempt(settlement, now);
        _attempt = attempt.Number;
        _statusCode = attempt.StatusCode;
        _trigger = attempt.Trigger;
        _outcome = attempt.Outcome;
        _status = StatusAfter(work, settlement.Disposition);
    }

    public int Count => 14;

    public int ParameterCount => Count - 1;

    /// <summary>True: this writes itself.</summary>
    public bool IsSupportUtf8ParameterKey => true;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("tenant", _tenant),
        1 => new("@event", _event),
        2 => new("eventType", _eventType),
        3 => new("delivery", _delivery),
        4 => new("endpoint", _endpoint),
        5 => new("Attempt", _attempt),
        6 => new("trigger", _trigger.ToCode()),
        7 => new("Outcome", _outcome.ToCode()),
        8 => new("statusCode", _statusCode),
        9 => new("durationMs", _duration.Value),
        10 => new("status", _status.ToCode()),
        11 => new("nextAttemptAt", _nextAttemptAt),
        12 => new("traceId", _trace?.TraceId),
        13 => new("{OriginalFormat}", Format),
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, null),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public IZLoggerEntry CreateEntry(in LogInfo info) => ZLoggerEntry<AttemptLine>.Create(info, this);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Attempt {_attempt}: {_outcome.ToCode()}");

    public void ToString(IBufferWriter<byte> writer)
    {
        var text = writer.GetSpan(LongestMessage);
        Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"Attempt {_attempt}: {_outcome.ToCode()}",
            out var written);
        writer.Advance(written);
    }

    /// <summary>Writes the properties as the server's log has them, whatever names and options it is given.</summary>
    public void WriteJsonParameterKeyValues(
        Utf8JsonWriter jsonWriter, JsonSerializerOptions jsonSerializerOptions, IKeyNameMutator? keyNameMutator = null)
    {
        WriteText(jsonWriter, TenantName, _tenant);
        WriteText(jsonWriter, EventName, _event);
        jsonWriter.WriteString(EventTypeName, _eventType);
        WriteText(jsonWriter, DeliveryName, _delivery);
        WriteText(jsonWriter, EndpointName, _endpoint);
        jsonWriter.WriteNumber(AttemptName, _attempt);
        jsonWriter.WriteString(TriggerName, Triggers[(int)_trigger]);
        jsonWriter.WriteString(OutcomeName, Outcomes[(int)_outcome]);
        if (_statusCode is { } statusCode)
            jsonWriter.WriteNumber(StatusCodeName, statusCode);
        else
            jsonWriter.WriteNull(StatusCodeName);
        WriteDuration(jsonWriter);
        jsonWriter.WriteString(StatusName, Statuses[(int)_status]);
        if (_nextAttemptAt is { } next)
            WriteTime(jsonWriter, next);
        else
            jsonWriter.WriteNull(NextAttemptName);
        if (_trace is not null)
            jsonWriter.WriteString(TraceName, _trace.TraceIdDigits);
        else
            jsonWriter.WriteNull(TraceName);
    }

    public string GetOriginalFormat() => Format;

    public void WriteOriginalFormat(IBufferWriter<byte> writer) => Encoding.UTF8.GetBytes(Format, writer);

    public ReadOnlySpan<byte> GetParameterKey(int index) => Encoding.UTF8.GetBytes(this[index].Key);

    public string GetParameterKeyAsString(int index) => this[index].Key;

    public object? GetParameterValue(int index) => this[index].Value;

    public T? GetParameterValue<T>(int index) => (T?)this[index].Value;

    public Type GetParameterType(int index) => this[index].Value?.GetType() ?? typeof(string);

    private static void WriteText<TId>(Utf8JsonWriter json, JsonEncodedText name, TId id)
        where TId : struct, ITypeId<TId>
    {
        Span<byte> text = stackalloc byte[32];
        id.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..written]);
    }

    private void WriteDuration(Utf8JsonWriter json)
    {
        Span<byte> text = stackalloc byte[32];
        _duration.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        json.WritePropertyName(DurationName);
        json.WriteRawValue(text[..written], skipInputValidation: true);
    }

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[TimeText.Room];
        TimeText.Write(time, text);
        json.WriteString(NextAttemptName, text[..TimeText.Length]);
    }

    private static JsonEncodedText[] Encode<T>(Func<T, string> code)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var texts = new JsonEncodedText[values.Length];
        foreach (var value in values)
            texts[Convert.ToInt32(value, CultureInfo.InvariantCulture)] = JsonEncodedText.Encode(code(value));
        return texts;
    }

    private static DeliveryStatus StatusAfter(DeliveryWork work, Disposition disposition) => disposition switch
    {
        Disposition.Delivered => DeliveryStatus.Delivered,
        Disposition.Retry => DeliveryStatus.Failed,
        Disposition.DeadLetter => DeliveryStatus.DeadLetter,
        // What was cut off is as it was before.
        Disposition.Release => work.Failures == 0 ? DeliveryStatus.Pending : DeliveryStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(disposition), disposition, null),
    };

    private static DateTimeOffset? NextAttempt(Settlement settlement, DateTimeOffset now) => settlement.Disposition switch
    {
        Disposition.Retry => now + settlement.RetryIn,
        Disposition.Release => now,
        _ => null,
    };
}
