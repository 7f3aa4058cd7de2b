using System.Text;
using System.Text.Json;
using CsCheck;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Core.Tests.Diagnoses;

/// <summary>What an endpoint repeats of what it was sent is not shown.</summary>
public sealed class EvidenceRedactionTests
{
    private static readonly EvidenceRedaction Redaction = new(Endpoints.New());

    [Theory]
    [InlineData("bad secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!", "bad secret [redacted]!")]
    [InlineData("was MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "was [redacted]")]
    [InlineData("cut off: MfKQ9r8GKY", "cut off: [redacted]")]
    [InlineData("old: C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "old: [redacted]")]
    [InlineData("another's: whsec_AAAA", "another's: [redacted]")]
    [InlineData("you sent q7Rk2Zp9Xw4Lm8", "you sent[redacted]")]
    [InlineData("you sent q7rk2zp9xw4lm8", "you sent[redacted]")]
    [InlineData("session sid=77 has ended", "session [redacted] has ended")]
    [InlineData("Authorization: Bearer abc.def.ghi", "Authorization: [redacted] [redacted]")]
    [InlineData("no user for basic dXNlcjpwYXNz", "no user for basic [redacted]")]
    [InlineData("""{"api_key":"k1","x":1}""", """{"api_key":"[redacted]","x":1}""")]
    [InlineData("""{\"password\":\"k1\"}""", """{\"password\":\"[redacted]\"}""")]
    [InlineData("password=hunter2&x=1", "password=[redacted]&x=1")]
    [InlineData("expected sha256=0011aabb", "expected [redacted]")]
    [InlineData("expected v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=", "expected [redacted]")]
    [InlineData("hk_abcdefgh12345678 is no key", "[redacted] is no key")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc expired", "[redacted] expired")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "[redacted]")]
    [InlineData("req 4bf92f3577b34da6a3ce929d0e0e4736 failed", "req [redacted] failed")]
    [InlineData("no route /in/4c1f9ab27d?key=topsecretquery", "no route [redacted]")]
    [InlineData("host hooks.example.org has moved", "host [endpoint] has moved")]
    [InlineData("Internal Server Error at handlers.OrderPaid (line 42)", "Internal Server Error at handlers.OrderPaid (line 42)")]
    [InlineData("", "")]
    public void Text_is_shown_without_what_must_not_leave(string text, string shown) =>
        Redaction.Redact(text, "{}"u8.ToArray()).ShouldBe(shown);

    [Theory]
    [InlineData("no customer ada@x.io", "no customer [payload]")]
    [InlineData("no customer ADA@X.IO", "no customer [payload]")]
    [InlineData("amount 12345.5 is too much", "amount [payload] is too much")]
    [InlineData("name is Zoë", "name is Zoë")]
    [InlineData("street is Zoë Straße", "street is [payload]")]
    [InlineData("street is Zo\\u00eb Straße", "street is [payload]")]
    [InlineData("""got {"customer":{"mail":"ada@x.io","no":7},"amount""", "got [payload]")]
    [InlineData("field customer is missing", "field customer is missing")]
    public void Text_is_shown_without_the_payload(string text, string shown) =>
        Redaction.Redact(
            text, """{"customer":{"mail":"ada@x.io","no":7},"amount":12345.5,"street":"Zo\u00eb Straße","bad":"\ud800 half"}"""u8.ToArray())
            .ShouldBe(shown);

    [Fact]
    public void No_value_of_a_payload_is_in_what_is_shown_of_its_echo() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 4, 40].Array[1, 6], Gen.String[0, 20], Gen.String[0, 20]).Sample((values, before, after) =>
        {
            var payload = JsonSerializer.SerializeToUtf8Bytes(values);
            var shown = Redaction.Redact(before + Encoding.UTF8.GetString(payload) + after, payload);
            return values.All(value => !Left(shown).Contains(value, StringComparison.OrdinalIgnoreCase));
        });

    [Fact]
    public void Large_payload_of_small_values_takes_no_long_time()
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, 30_000).Select(n => $"v{n:x4}"));

        Redaction.Redact(new string('v', 1_500), payload).ShouldBe(new string('v', 1_500));
    }

    // What stands for something is not something.
    private static string Left(string shown) =>
        shown.Replace("[payload]", " ", StringComparison.Ordinal).Replace("[redacted]", " ", StringComparison.Ordinal);
}
