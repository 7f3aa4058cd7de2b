using System.Security.Cryptography;
using System.Text;
using Hookstream.Client.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Client.Tests.Webhooks;

public sealed class WebhookVerifierTests
{
    // The test vector that Standard Webhooks publishes with its reference libraries.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string OtherSignature = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1614265330));

    private static byte[] KeyBytes => Convert.FromBase64String(Secret["whsec_".Length..]);

    [Theory]
    [InlineData(Secret)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Verify_published_vector_with_and_without_prefix_is_verified(string secret)
    {
        new WebhookVerifier(secret, timeProvider: _time).Verify(Body, Id, Timestamp, SignV1(KeyBytes))
            .ShouldBe(WebhookVerificationOutcome.Verified);
        SignV1(KeyBytes).ShouldBe(Signature);
    }

    [Theory]
    [InlineData(OtherSignature + " " + Signature)]
    [InlineData(Signature + " " + OtherSignature)]
    [InlineData("v1a,AAAA v2,xyz " + Signature)]
    [InlineData("v1,!!! " + Signature)]
    public void Verify_any_of_several_signatures_is_verified(string signature) =>
        new WebhookVerifier(Secret, timeProvider: _time).Verify(Body, Id, Timestamp, signature)
            .ShouldBe(WebhookVerificationOutcome.Verified);

    [Theory]
    [InlineData(OtherSignature, WebhookVerificationOutcome.SignatureMismatch)]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("v1,g0hM9SsE", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("v1,", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("", WebhookVerificationOutcome.HeaderMissing)]
    [InlineData(null, WebhookVerificationOutcome.HeaderMissing)]
    public void Verify_wrong_signature_tells_what_is_wrong(string? signature, WebhookVerificationOutcome expected) =>
        new WebhookVerifier(Secret, timeProvider: _time).Verify(Body, Id, Timestamp, signature).ShouldBe(expected);

    [Fact]
    public void Verify_changed_body_id_or_timestamp_is_a_mismatch()
    {
        var verifier = new WebhookVerifier(Secret, timeProvider: _time);

        verifier.Verify(Encoding.UTF8.GetBytes("""{"test":2432232314}"""), Id, Timestamp, Signature)
            .ShouldBe(WebhookVerificationOutcome.SignatureMismatch);
        verifier.Verify(Body, "msg_other", Timestamp, Signature).ShouldBe(WebhookVerificationOutcome.SignatureMismatch);
        verifier.Verify(Body, Id, "1614265331", Signature).ShouldBe(WebhookVerificationOutcome.SignatureMismatch);
    }

    [Theory]
    [InlineData(0, WebhookVerificationOutcome.Verified)]
    [InlineData(300, WebhookVerificationOutcome.Verified)]
    [InlineData(301, WebhookVerificationOutcome.TimestampTooOld)]
    [InlineData(-300, WebhookVerificationOutcome.Verified)]
    [InlineData(-301, WebhookVerificationOutcome.TimestampTooNew)]
    public void Verify_timestamp_within_five_minutes_either_way_is_verified(int age, WebhookVerificationOutcome expected)
    {
        var now = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1614265330 + age));

        new WebhookVerifier(Secret, timeProvider: now).Verify(Body, Id, Timestamp, Signature).ShouldBe(expected);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-5")]
    [InlineData("1614265330.5")]
    [InlineData("99999999999999999999999")]
    public void Verify_timestamp_that_is_no_number_of_seconds_is_invalid(string timestamp) =>
        new WebhookVerifier(Secret, timeProvider: _time).Verify(Body, Id, timestamp, Signature)
            .ShouldBe(WebhookVerificationOutcome.TimestampInvalid);

    [Fact]
    public void Verify_largest_timestamp_signed_is_too_new()
    {
        const string timestamp = "9223372036854775807";

        new WebhookVerifier(Secret, timeProvider: _time).Verify(Body, Id, timestamp, SignV1(KeyBytes, timestamp))
            .ShouldBe(WebhookVerificationOutcome.TimestampTooNew);
    }

    [Fact]
    public void Verify_by_header_lookup_reads_the_three_headers()
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Webhook-Id"] = Id,
            ["Webhook-Timestamp"] = Timestamp,
            ["Webhook-Signature"] = Signature,
        };

        new WebhookVerifier(Secret, timeProvider: _time).Verify(Body, headers.GetValueOrDefault)
            .ShouldBe(WebhookVerificationOutcome.Verified);
        headers.Remove("Webhook-Id");
        new WebhookVerifier(Secret, timeProvider: _time).Verify(Body, headers.GetValueOrDefault)
            .ShouldBe(WebhookVerificationOutcome.HeaderMissing);
    }

    [Fact]
    public void Hex_secret_is_base64_for_one_scheme_and_text_for_the_other()
    {
        const string hex = "6f1d3c5b7a99b8d7c6e5f4031221304f5e6d7c8b9aa9b8c7d6e5f40312213040";
        var verifier = new WebhookVerifier(hex, timeProvider: _time);

        verifier.Verify(Body, Id, Timestamp, SignV1(Convert.FromBase64String(hex))).ShouldBe(WebhookVerificationOutcome.Verified);
        verifier.VerifyHookstreamSignature(Body, SignHex(hex)).ShouldBe(WebhookVerificationOutcome.Verified);
        verifier.Verify(Body, Id, Timestamp, SignV1(Convert.FromHexString(hex)))
            .ShouldBe(WebhookVerificationOutcome.SignatureMismatch);
    }

    [Fact]
    public void Hookstream_signature_is_keyed_with_the_secret_exactly_as_shown()
    {
        var verifier = new WebhookVerifier(Secret);

        verifier.VerifyHookstreamSignature(Body, SignHex(Secret)).ShouldBe(WebhookVerificationOutcome.Verified);
        verifier.VerifyHookstreamSignature(Body, SignHex(Secret).ToUpperInvariant().Replace("SHA256", "sha256", StringComparison.Ordinal))
            .ShouldBe(WebhookVerificationOutcome.Verified);
        verifier.VerifyHookstreamSignature(Body, SignHex(Secret["whsec_".Length..]))
            .ShouldBe(WebhookVerificationOutcome.SignatureMismatch);
        verifier.VerifyHookstreamSignature("changed"u8, SignHex(Secret)).ShouldBe(WebhookVerificationOutcome.SignatureMismatch);
    }

    [Theory]
    [InlineData(null, WebhookVerificationOutcome.HeaderMissing)]
    [InlineData("sha256=", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("sha256=zz3d3c5b7a99b8d7c6e5f4031221304f5e6d7c8b9aa9b8c7d6e5f40312213040", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("sha1=6f1d3c5b7a99b8d7c6e5f4031221304f5e6d7c8b", WebhookVerificationOutcome.SignatureMalformed)]
    [InlineData("6f1d3c5b7a99b8d7c6e5f4031221304f5e6d7c8b9aa9b8c7d6e5f40312213040", WebhookVerificationOutcome.SignatureMalformed)]
    public void Hookstream_signature_of_another_form_tells_what_is_wrong(string? signature, WebhookVerificationOutcome expected) =>
        new WebhookVerifier(Secret).VerifyHookstreamSignature(Body, signature).ShouldBe(expected);

    [Fact]
    public void Several_secrets_any_one_that_signed_is_enough()
    {
        const string next = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

        var verifier = new WebhookVerifier([next, Secret], timeProvider: _time);

        verifier.Verify(Body, Id, Timestamp, Signature).ShouldBe(WebhookVerificationOutcome.Verified);
        verifier.VerifyHookstreamSignature(Body, SignHex(next)).ShouldBe(WebhookVerificationOutcome.Verified);
        verifier.VerifyHookstreamSignature(Body, SignHex(Secret)).ShouldBe(WebhookVerificationOutcome.Verified);
    }

    [Theory]
    [InlineData("whsec_not base64 at all!")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")]
    public void Secret_in_another_form_is_refused_without_repeating_it(string secret)
    {
        var exception = Should.Throw<ArgumentException>(() => new WebhookVerifier(secret));

        exception.Message.ShouldContain("24 to 64 bytes");
        if (secret.Length > "whsec_".Length)
            exception.Message.ShouldNotContain(secret["whsec_".Length..]);
    }

    [Fact]
    public void Secret_of_more_than_64_bytes_is_refused() =>
        Should.Throw<ArgumentException>(() => new WebhookVerifier(Convert.ToBase64String(new byte[65])));

    private static string SignV1(byte[] key, string timestamp = Timestamp) =>
        "v1," + Convert.ToBase64String(
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{timestamp}.{Encoding.UTF8.GetString(Body)}")));

    private static string SignHex(string key) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Body));
}
