using System.Text;
using Hookstream.Delivery.Sending;

namespace Hookstream.Delivery.Tests.Sending;

public sealed class EchoedHeadersTests
{
    private const string Token = "0123456789abcdef";

    private static readonly CustomHeaders Headers =
        CustomHeaders.Of([new("Authorization", $"Bearer {Token}"), new("X-Key", "short"), new("X-Longer", $"{Token}-longer")]);

    [Theory]
    [InlineData($"a Bearer {Token} b", "a ******** b")]
    [InlineData($"a {Token} b {Token}", "a ******** b ********")]
    [InlineData($"{Token}-longer", "********")]
    [InlineData("short", "short")]
    [InlineData("Bearer", "Bearer")]
    [InlineData("", "")]
    public void Values_and_what_follows_their_scheme_are_taken_out(string body, string kept) =>
        Redact(body, truncated: false).ShouldBe(kept);

    [Fact]
    public void Value_that_is_cut_off_at_the_end_is_taken_out_from_eight_characters_on()
    {
        for (var length = 1; length < Token.Length; length++)
        {
            var body = "body " + Token[..length];
            Redact(body, truncated: true).ShouldBe(length < 8 ? body : "body ********");
            Redact(body, truncated: false).ShouldBe(body, "that is all there was");
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are()
    {
        byte[] body = [0xff, 0x00, 0xc3, .. Encoding.ASCII.GetBytes(Token), 0x80];

        EchoedHeaders.Redact(body, truncated: false, Headers).ToArray().ShouldBe([0xff, 0x00, 0xc3, .. "********"u8, 0x80]);
        EchoedHeaders.Redact(body, truncated: false, CustomHeaders.None).ToArray().ShouldBe(body);
    }

    private static string Redact(string body, bool truncated) =>
        Encoding.UTF8.GetString(EchoedHeaders.Redact(Encoding.UTF8.GetBytes(body), truncated, Headers).Span);
}
