using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Hookstream.Core.Signing;

namespace Hookstream.Core.Tests.Signing;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void Message_signature_is_the_published_vector_of_standard_webhooks()
    {
        SigningSecret.TryParse(Secret, out var secret).ShouldBeTrue();

        var signature = WebhookSignature.OfMessage(
            secret!, """msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"""u8);

        signature.ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void Message_signature_is_the_same_with_and_without_the_prefix_of_the_secret()
    {
        SigningSecret.TryParse(Secret, out var with).ShouldBeTrue();
        SigningSecret.TryParse(Secret["whsec_".Length..], out var without).ShouldBeTrue();

        WebhookSignature.OfMessage(with!, "evt_1.1.{}"u8).ShouldBe(WebhookSignature.OfMessage(without!, "evt_1.1.{}"u8));
        WebhookSignature.OfBody(with!, "{}"u8).ShouldNotBe(WebhookSignature.OfBody(without!, "{}"u8));
    }

    [Fact]
    public void Body_signature_is_what_openssl_computes()
    {
        // printf '%s' '{"a":1}' | openssl dgst -sha256 -hmac whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
        SigningSecret.TryParse(Secret, out var secret).ShouldBeTrue();

        WebhookSignature.OfBody(secret!, """{"a":1}"""u8).ShouldBe("sha256=45ec03b2b33403c8043a90de06bedad0827183927115fd7e448ef97eeb13c5be");
    }

    [Fact]
    public void Signatures_are_those_of_the_plain_definition() =>
        Gen.Select(Gen.Byte.Array[0, 500], Gen.Long[0, 4_000_000_000]).Sample((body, timestamp) =>
        {
            var secret = SigningSecret.Generate();
            const string Id = "evt_01h455vb4pex5vsknk084sn02q";
            byte[] message = [.. Encoding.UTF8.GetBytes($"{Id}.{timestamp}."), .. body];
            var ofMessage = "v1," + Convert.ToBase64String(
                HMACSHA256.HashData(Convert.FromBase64String(secret.Text["whsec_".Length..]), message));
            var ofBody = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Text), body));
            return WebhookSignature.OfMessage(secret, message) == ofMessage
                && WebhookSignature.OfBody(secret, body) == ofBody;
        });

    [Fact]
    public void Signing_allocates_nothing_but_its_text()
    {
        const int Repeats = 100;
        var secret = SigningSecret.Generate();
        var body = new byte[10_000];
        // A string of 71 characters and one of 47, each with its header, rounded up to words.
        const int TextBytes = 168 + 120;
        Sign().ShouldBe(71 + 47);
        // The second time the keys are kept set up.
        Sign();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Repeats; i++)
            Sign();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThanOrEqualTo(Repeats * TextBytes);

        int Sign() => WebhookSignature.OfBody(secret, body).Length + WebhookSignature.OfMessage(secret, body).Length;
    }

    [Fact]
    public void Timestamp_is_written_as_plain_digits() => WebhookSignature.FormatTimestamp(1614265330).ShouldBe("1614265330");
}
