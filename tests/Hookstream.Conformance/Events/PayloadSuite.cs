using System.Text;

namespace Hookstream.Conformance.Events;

/// <summary>Payloads come back byte for byte, whatever they are.</summary>
public abstract class PayloadSuite : StoreSuite
{
    public static TheoryData<string, string> Payloads => new()
    {
        { "empty object", "{}" },
        { "one byte", "1" },
        { "empty string", "\"\"" },
        { "deep nesting", new string('[', 500) + new string(']', 500) },
        { "a thousand names", "{" + string.Join(",", Enumerable.Range(0, 1_000).Select(i => $"\"n{i}\":{i}")) + "}" },
        { "line separators and a byte order mark", "{\"a\":\"\u2028\u2029\ufeff\"}" },
        { "a long number", "[1" + new string('0', 10_000) + "]" },
        { "odd whitespace", "{ \t\r\n \"a\" :\r\n\t [ 1 ,2 ] }\n" },
        { "escaped NUL", """{"a\u0000b":"\u0000"}""" },
        { "escapes that could be written shorter", """{"a":"\u0041\/\ud83d\ude00"}""" },
        { "lone surrogate, escaped", """{"a":"\ud800"}""" },
        { "text beyond the basic plane", """{"名":"😀"}""" },
        { "numbers beyond doubles", """{"a":123456789012345678901234567890.10,"b":1e400,"c":-0.0,"d":1E+2}""" },
        { "one name twice", """{"a":1,"a":2}""" },
        { "quotes of SQL", """{"a":"'); drop table events; --"}""" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public Task Payload_comes_back_byte_for_byte(string what, string payload)
    {
        what.ShouldNotBeEmpty();
        return ComesBackAsync(Encoding.UTF8.GetBytes(payload));
    }

    [Fact]
    public Task Payload_of_256_kb_comes_back_byte_for_byte()
    {
        var text = $$"""{"a":"{{new string('x', (256 * 1024) - 8)}}"}""";
        var payload = Encoding.UTF8.GetBytes(text);
        payload.Length.ShouldBe(256 * 1024);
        return ComesBackAsync(payload);
    }

    [Fact]
    public async Task Payloads_of_a_batch_of_large_ones_stay_with_their_events()
    {
        var tenant = await NewTenantAsync();
        var payloads = Enumerable.Range(0, 24)
            .Select(i => Encoding.UTF8.GetBytes($$"""{"n":{{i}},"a":"{{new string((char)('a' + i), 200_000)}}"}"""))
            .ToArray();

        var results = await Store.Events.AppendAsync(
            [.. payloads.Select(payload => new NewEvent(tenant, TypeOf("a.b"), payload))], Cancellation);

        for (var i = 0; i < payloads.Length; i++)
        {
            var found = await Store.Events.FindAsync(tenant, results[i].Id, Cancellation);
            found!.Payload.AsSpan().SequenceEqual(payloads[i]).ShouldBeTrue();
        }
    }

    private async Task ComesBackAsync(byte[] payload)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var result = await Store.Events.AppendAsync(new NewEvent(tenant, TypeOf("a.b"), payload), Cancellation);

        await Store.ReopenAsync();

        var found = (await Store.Events.FindAsync(tenant, result.Id, Cancellation)).ShouldNotBeNull();
        found.Payload.AsSpan().SequenceEqual(payload).ShouldBeTrue();
        var work = await LoadOneAsync(await ClaimOneAsync());
        work.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }
}
