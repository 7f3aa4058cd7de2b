using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
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
    // The message names the delivery only: the rest are properties, and writing each twice would cost more than it tells.
    private const string Format = "Attempt {Attempt} of {Delivery}: {Outcome} in {DurationMs} ms; the delivery is now {Status}";

    // Enough for the message with the longest of everything.
    private const int LongestMessage = 192;

    // Enough for the longest of every property but the event's type.
    private const int LongestPiece = 512;

    private static readonly JsonEncodedText TenantName = JsonEncodedText.Encode("tenant");
    private static readonly JsonEncodedText EventTypeName = JsonEncodedText.Encode("event_type");
    private static readonly JsonEncodedText DeliveryName = JsonEncodedText.Encode("delivery");

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
        3 => new("Delivery", _delivery),
        4 => new("endpoint", _endpoint),
        5 => new("Attempt", _attempt),
        6 => new("trigger", _trigger.ToCode()),
        7 => new("Outcome", _outcome.ToCode()),
        8 => new("statusCode", _statusCode),
        9 => new("DurationMs", _duration.Value),
        10 => new("Status", _status.ToCode()),
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
        $"Attempt {_attempt} of {_delivery}: {_outcome.ToCode()} in {_duration.Value} ms; the delivery is now {_status.ToCode()}");

    public void ToString(IBufferWriter<byte> writer)
    {
        var text = writer.GetSpan(LongestMessage);
        Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"Attempt {_attempt} of {_delivery}: {_outcome.ToCode()} in {_duration} ms; the delivery is now {_status.ToCode()}",
            out var written);
        writer.Advance(written);
    }

    /// <summary>Writes the properties as the server's log has them, whatever names and options it is given.</summary>
    /// <remarks>
    /// What needs no escaping goes out in two pieces, each to the writer the value of its first property: one by one they take
    /// a third longer.
    /// </remarks>
    public void WriteJsonParameterKeyValues(
        Utf8JsonWriter jsonWriter, JsonSerializerOptions jsonSerializerOptions, IKeyNameMutator? keyNameMutator = null)
    {
        var room = new RawJson(stackalloc byte[LongestPiece]);
        room.Add("\""u8, _tenant, "\",\"event\":\""u8);
        room.Add(""u8, _event, "\""u8);
        jsonWriter.WritePropertyName(TenantName);
        jsonWriter.WriteRawValue(room.Written, skipInputValidation: true);
        jsonWriter.WriteString(EventTypeName, _eventType);

        room.Clear();
        room.Add("\""u8, _delivery, "\",\"endpoint\":\""u8);
        room.Add(""u8, _endpoint, "\",\"attempt\":"u8);
        room.Add(""u8, _attempt, ",\"trigger\":\""u8);
        room.Add(Triggers[(int)_trigger].EncodedUtf8Bytes);
        room.Add("\",\"outcome\":\""u8);
        room.Add(Outcomes[(int)_outcome].EncodedUtf8Bytes);
        room.Add("\",\"status_code\":"u8);
        if (_statusCode is { } statusCode)
            room.Add(""u8, statusCode, ",\"duration_ms\":"u8);
        else
            room.Add("null,\"duration_ms\":"u8);
        room.Add(""u8, _duration, ",\"status\":\""u8);
        room.Add(Statuses[(int)_status].EncodedUtf8Bytes);
        room.Add("\",\"next_attempt_at\":"u8);
        if (_nextAttemptAt is { } next)
            room.Add(next);
        else
            room.Add("null"u8);
        if (_trace is not null)
            room.Add(",\"trace_id\":\""u8, _trace.TraceIdDigits, "\""u8);
        else
            room.Add(",\"trace_id\":null"u8);
        jsonWriter.WritePropertyName(DeliveryName);
        jsonWriter.WriteRawValue(room.Written, skipInputValidation: true);
    }

    public string GetOriginalFormat() => Format;

    public void WriteOriginalFormat(IBufferWriter<byte> writer) => Encoding.UTF8.GetBytes(Format, writer);

    public ReadOnlySpan<byte> GetParameterKey(int index) => Encoding.UTF8.GetBytes(this[index].Key);

    public string GetParameterKeyAsString(int index) => this[index].Key;

    public object? GetParameterValue(int index) => this[index].Value;

    public T? GetParameterValue<T>(int index) => (T?)this[index].Value;

    public Type GetParameterType(int index) => this[index].Value?.GetType() ?? typeof(string);

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
