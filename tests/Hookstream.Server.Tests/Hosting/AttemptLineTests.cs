using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hookstream.Core.Deliveries;
using Hookstream.Core.Events;
using Hookstream.Core.Subscribers;
using Hookstream.Core.Tenants;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Dispatching;
using Hookstream.Server.Hosting;
using Microsoft.Extensions.Logging;
using EventId = Hookstream.Core.Events.EventId;

namespace Hookstream.Server.Tests.Hosting;

/// <summary>An attempt's line, which writes itself, is what the formatter would make of its list of properties.</summary>
public sealed class AttemptLineTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));
    private static readonly TraceContext Trace = new("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null);

    public static TheoryData<AttemptOutcome> Outcomes => [.. Enum.GetValues<AttemptOutcome>()];

    public static TheoryData<AttemptTrigger> Triggers => [.. Enum.GetValues<AttemptTrigger>()];

    [Fact]
    public void Failed_attempt_is_this_line()
    {
        var work = Work(EventType.FromStore("payment.completed"));
        var line = Written(new AttemptLine(
            work, Trace, Settlement(work, AttemptOutcome.HttpStatus, Disposition.Retry, 503, TimeSpan.FromTicks(123_456)), Now));

        line.ShouldBe(
            $$"""
            "level":"info","category":"Some.Category","message":"Attempt 3: http_status",
            "tenant":"{{work.Lease.Tenant}}","event":"{{work.Event}}","event_type":"payment.completed","delivery":"{{work.Lease.Delivery}}",
            "endpoint":"{{work.Lease.Subscriber}}","attempt":3,"trigger":"schedule","outcome":"http_status","status_code":503,"duration_ms":12.346,
            "status":"failed","next_attempt_at":"2026-01-02T01:04:35.678Z","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}
            """.ReplaceLineEndings(""));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Every_outcome_is_written_as_its_properties_are(AttemptOutcome outcome) =>
        ShouldBeWrittenAsItsProperties(outcome: outcome);

    [Theory]
    [MemberData(nameof(Triggers))]
    public void Every_trigger_is_written_as_its_properties_are(AttemptTrigger trigger) =>
        ShouldBeWrittenAsItsProperties(trigger: trigger);

    [Theory]
    [InlineData(Disposition.Delivered, 0)]
    [InlineData(Disposition.Retry, 1)]
    [InlineData(Disposition.DeadLetter, 3)]
    [InlineData(Disposition.Release, 0)]
    [InlineData(Disposition.Release, 1)]
    public void Whatever_becomes_of_the_delivery_is_written_as_its_properties_are(Disposition disposition, int failures) =>
        ShouldBeWrittenAsItsProperties(disposition: disposition, failures: failures);

    [Theory]
    [InlineData(null, null)]
    [InlineData(200, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    public void What_may_be_absent_is_written_as_its_properties_are(int? statusCode, string? parent) =>
        ShouldBeWrittenAsItsProperties(statusCode: statusCode, trace: parent is null ? null : new TraceContext(parent, "vendor=1"));

    [Theory]
    [InlineData("x")]
    [InlineData("never \" accepted \\ <ünd> 🚀 yet \n stored")]
    public void Any_type_is_written_as_its_properties_are(string type) =>
        ShouldBeWrittenAsItsProperties(type: type);

    [Fact]
    public void Longest_of_everything_is_written_as_its_properties_are() => ShouldBeWrittenAsItsProperties(
        AttemptOutcome.ConnectionRefused,
        AttemptTrigger.Schedule,
        Disposition.DeadLetter,
        int.MinValue,
        Trace,
        new string('x', EventType.MaxLength),
        TimeSpan.MinValue,
        number: int.MinValue);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(9_994)]
    [InlineData(9_995)]
    [InlineData(10_000)]
    [InlineData(10_010)]
    [InlineData(10_100)]
    [InlineData(11_000)]
    [InlineData(300_000_000)]
    [InlineData(10_000_000_000_009_995)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(-12_345)]
    public void Duration_is_written_as_its_properties_are(long ticks) =>
        ShouldBeWrittenAsItsProperties(duration: TimeSpan.FromTicks(ticks));

    [Fact]
    public void Duration_of_any_length_is_written_as_a_double_is()
    {
        var random = new Random(1);
        Span<byte> text = stackalloc byte[32];
        for (var i = 0; i < 100_000; i++)
        {
            var duration = new Milliseconds(TimeSpan.FromTicks(random.NextInt64(1L << random.Next(1, 63))));

            duration.TryFormat(text, out var written, default, null).ShouldBeTrue();

            Encoding.ASCII.GetString(text[..written]).ShouldBe(duration.Value.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(12_346_000, 4)]
    [InlineData(123_460, 5)]
    [InlineData(123_456, 5)]
    public void Duration_without_room_is_not_written(long ticks, int room) =>
        new Milliseconds(TimeSpan.FromTicks(ticks)).TryFormat(new byte[room - 1], out _, default, null).ShouldBeFalse();

    private static void ShouldBeWrittenAsItsProperties(
        AttemptOutcome outcome = AttemptOutcome.HttpStatus,
        AttemptTrigger trigger = AttemptTrigger.Schedule,
        Disposition disposition = Disposition.Retry,
        int? statusCode = 500,
        TraceContext? trace = null,
        string type = "payment.completed",
        TimeSpan? duration = null,
        int failures = 2,
        int number = 3)
    {
        var work = Work(EventType.FromStore(type)) with { Failures = failures };
        var settlement = Settlement(work, outcome, disposition, statusCode, duration ?? TimeSpan.FromMilliseconds(12.5));
        settlement = settlement with { Attempt = settlement.Attempt! with { Trigger = trigger, Number = number } };
        var line = new AttemptLine(work, trace, settlement, Now);

        var written = Written(line);

        Written(new Listed(line)).ShouldBe(written);
        JsonElement.Parse($"{{{written}").EnumerateObject().Count().ShouldBe(3 + line.ParameterCount);
    }

    // Without the time, which is when it was logged.
    private static string Written<TState>(TState state)
        where TState : IReadOnlyList<KeyValuePair<string, object?>>
    {
        using var output = new MemoryStream();
        using (var loggers = LoggerFactory.Create(logging => JsonLogs.Configure(logging, LogLevel.Information, output)))
            loggers.CreateLogger("Some.Category")
                .Log(LogLevel.Information, 300, state, null, static (state, _) => state.ToString()!);
        var line = Encoding.UTF8.GetString(output.ToArray());
        line.ShouldStartWith("{\"timestamp\":\"");
        line.ShouldEndWith("}\n");
        return line[line.IndexOf("\"level\"", StringComparison.Ordinal)..^1];
    }

    private static DeliveryWork Work(EventType type) => new()
    {
        Lease = new Lease(DeliveryId.New(Now), TenantId.New(Now), SubscriberId.New(Now), 1, 0),
        // Not what the line is about.
        Endpoint = null!,
        Event = EventId.New(Now),
        EventType = type,
        EventTimestamp = Now,
        Payload = "{}"u8.ToArray(),
        AttemptCount = 2,
        Failures = 2,
        Trigger = AttemptTrigger.Schedule,
        WaitingSince = Now,
    };

    private static Settlement Settlement(
        DeliveryWork work, AttemptOutcome outcome, Disposition disposition, int? statusCode, TimeSpan duration) => new()
    {
        Lease = work.Lease,
        Disposition = disposition,
        RetryIn = TimeSpan.FromSeconds(30),
        Attempt = new Attempt
        {
            Id = AttemptId.New(Now),
            Number = 3,
            Trigger = AttemptTrigger.Schedule,
            StartedAt = Now,
            Duration = duration,
            Outcome = outcome,
            StatusCode = statusCode,
            RequestHeaders = "{}"u8.ToArray(),
        },
    };

    // All that a logger knows of what it did not make: the properties and the message.
    private readonly struct Listed(AttemptLine line) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => line.Count;

        public KeyValuePair<string, object?> this[int index] => line[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => line.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => line.ToString();
    }
}
