using System.Text;
using Hookstream.Api.Events;

namespace Hookstream.Api.Tests.Events;

public sealed class EventParserTests
{
    [Theory]
    [InlineData("""{"type":"a.b","payload":{"x":1}}""", """{"x":1}""")]
    [InlineData("""{"payload":{"x":1},"type":"a.b"}""", """{"x":1}""")]
    [InlineData(""" { "type" : "a.b" , "payload" : { "x" : 1.50 , "x":"\u0000é\/" }  } """, """{ "x" : 1.50 , "x":"\u0000é\/" }""")]
    [InlineData("""{"t\u0079pe":"a.b","payl\u006fad":{}}""", "{}")]
    [InlineData("""{"event_type":"a.b","type":"a.b","payload":{"type":7,"deep":[[{"payload":{}}]]}}""", """{"type":7,"deep":[[{"payload":{}}]]}""")]
    [InlineData("""{"type":"a.b","payload":{"half":"\ud800"}}""", """{"half":"\ud800"}""")]
    public void Payload_is_kept_byte_for_byte(string body, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        EventParser.TryParse(bytes, out var parsed).ShouldBeNull();

        parsed.Judge(1000).ShouldBeNull();
        parsed.Type.Value.ShouldBe("a.b");
        Encoding.UTF8.GetString(bytes, parsed.PayloadStart, parsed.PayloadLength).ShouldBe(payload);
    }

    [Fact]
    public void All_fields_are_read()
    {
        var body = """{"type":"a","payload":{},"idempotency_key":"k 1","priority":"low","timestamp":"2026-01-01T02:00:00.5+02:00"}"""u8;

        EventParser.TryParse(body, out var parsed).ShouldBeNull();

        parsed.Errors.ShouldBeNull();
        parsed.IdempotencyKey.ShouldBe("k 1");
        parsed.Priority.ShouldBe(EventPriority.Low);
        parsed.Timestamp.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero));
    }

    [Fact]
    public void Optional_fields_may_be_null()
    {
        var body = """{"type":"a","payload":{},"idempotency_key":null,"priority":null,"timestamp":null}"""u8;

        EventParser.TryParse(body, out var parsed).ShouldBeNull();

        parsed.Errors.ShouldBeNull();
        parsed.Priority.ShouldBe(EventPriority.Normal);
    }

    [Theory]
    [InlineData("{}", "type,payload")]
    [InlineData("""{"type":null,"payload":null}""", "type,payload")]
    [InlineData("""{"type":{"a":[]},"payload":[1,{"a":2}]}""", "type,payload")]
    [InlineData("""{"type":"a..b","payload":"x"}""", "type,payload")]
    [InlineData("""{"type":"a\u0000b","payload":{}}""", "type")]
    [InlineData("""{"type":"a\ud800","payload":{}}""", "type")]
    [InlineData("""{"type":"hookstream.test","payload":{}}""", "type")]
    [InlineData("""{"type":"webhook.verify","payload":{}}""", "type")]
    [InlineData("""{"type":"a","event_type":"b","payload":{}}""", "event_type")]
    [InlineData("""{"type":"a","type":"a","payload":{}}""", "type")]
    [InlineData("""{"type":"a","payload":{},"payload":{}}""", "payload")]
    [InlineData("""{"type":"a","payload":{},"Priority":"low","extra":{"a":[1]}}""", "Priority,extra")]
    [InlineData("""{"type":"a","payload":{},"\ud800":1}""", "\uFFFD")]
    [InlineData("""{"type":"a","payload":{},"idempotency_key":"é"}""", "idempotency_key")]
    [InlineData("""{"type":"a","payload":{},"idempotency_key":""}""", "idempotency_key")]
    [InlineData("""{"type":"a","payload":{},"idempotency_key":7}""", "idempotency_key")]
    [InlineData("""{"type":"a","payload":{},"priority":"urgent"}""", "priority")]
    [InlineData("""{"type":"a","payload":{},"priority":1}""", "priority")]
    [InlineData("""{"type":"a","payload":{},"timestamp":"yesterday"}""", "timestamp")]
    [InlineData("""{"type":"a","payload":{},"timestamp":1700000000}""", "timestamp")]
    public void What_is_wrong_is_reported_by_field_and_all_at_once(string body, string fields)
    {
        EventParser.TryParse(Encoding.UTF8.GetBytes(body), out var parsed).ShouldBeNull();

        string.Join(',', parsed.Errors!.Fields.Select(entry => entry.Field)).ShouldBe(fields);
    }

    [Theory]
    [InlineData("", "line 1, byte 1")]
    [InlineData("\uFEFF{}", "line 1, byte 1: it begins with a byte order mark")]
    [InlineData("{", "line 1, byte 2")]
    [InlineData("{\"type\":\n \"a\",}", "line 2, byte 6")]
    [InlineData("{\"type\":'a'}", "line 1, byte 9")]
    [InlineData("{\"type\":\"a\",\"payload\":{}} x", "line 1, byte 27")]
    [InlineData("{\"payload\":{\"a\":01}}", "line 1, byte 18")]
    [InlineData("nul", "line 1, byte 4")]
    public void Broken_JSON_is_refused_with_its_position(string body, string position)
    {
        var problem = EventParser.TryParse(Encoding.UTF8.GetBytes(body), out _);

        problem.ShouldNotBeNull().Code.Name.ShouldBe("invalid_json");
        problem.Detail.ShouldContain(position);
        problem.Detail.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("7")]
    public void Something_else_than_an_object_is_not_valid(string body) =>
        EventParser.TryParse(Encoding.UTF8.GetBytes(body), out _).ShouldNotBeNull().Code.Name.ShouldBe("validation_failed");

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_with_their_position()
    {
        byte[] body = [.. "{\"type\":\"a\",\n\"payload\":{\"x\":\""u8, 0xC3, 0x28, .. "\"}}"u8];

        var problem = EventParser.TryParse(body, out _);

        problem.ShouldNotBeNull().Code.Name.ShouldBe("invalid_json");
        problem.Detail.ShouldContain("line 2, byte 17");
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    [InlineData(10_000, true)]
    public void Nesting_of_the_payload_is_bounded(int depth, bool tooDeep)
    {
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        var body = Encoding.UTF8.GetBytes($$"""{"type":"a","payload":{{nested}}}""");

        EventParser.TryParse(body, out var parsed).ShouldBeNull();

        parsed.TooDeep.ShouldBe(tooDeep);
        (parsed.Judge(1_000_000)?.Code.Name == "payload_too_deep").ShouldBe(tooDeep);
    }

    [Theory]
    [InlineData("""{"type":"a","payload":{},"x":@}""")]
    [InlineData("""{"type":@,"payload":{}}""")]
    [InlineData("""{"type":"a","payload":@}""")]
    public void Nesting_elsewhere_is_bounded(string body)
    {
        var nested = new string('[', 10_000) + new string(']', 10_000);

        EventParser.TryParse(Encoding.UTF8.GetBytes(body.Replace("@", nested)), out var parsed);

        parsed.TooDeep.ShouldBeTrue();
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(9, "payload_too_large")]
    public void Payload_is_measured(int limit, string? code)
    {
        EventParser.TryParse("""{"type":"a","payload":{"a":"bc"}}"""u8, out var parsed).ShouldBeNull();

        parsed.Judge(limit)?.Code.Name.ShouldBe(code);
        (parsed.Judge(limit) is null).ShouldBe(code is null);
    }
}
