using System.Globalization;
using System.Text;
using Hookstream.EndToEnd.Tests.Receivers;

namespace Hookstream.EndToEnd.Tests.RealInput;

/// <summary>The verification itself, without a server: what the other tests rely on.</summary>
public sealed class NodeVerificationTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    [Fact]
    public async Task Verifiers_accept_what_is_signed_with_the_secret()
    {
        NodePackages.Require();

        var (exitCode, output) = await NodePackages.VerifyAsync([Signed(Secret), Signed(Secret)], Secret);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("""{"verified":2}""");
    }

    [Fact]
    public async Task Verifiers_refuse_what_is_signed_with_another_secret()
    {
        NodePackages.Require();
        var other = "whsec_" + Convert.ToBase64String(new byte[32]);

        var (exitCode, output) = await NodePackages.VerifyAsync([Signed(Secret), Signed(other)], Secret);

        exitCode.ShouldBe(1, output);
        output.ShouldContain("delivery 1: standardwebhooks refuses it");
    }

    private static ReceivedRequest Signed(string secret)
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"evt_1","type":"a","timestamp":"2026-01-01T00:00:00.000Z","data":{"ö":1}}""");
        var now = TimeProvider.System.GetUtcNow();
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new ReceivedRequest(
            "POST",
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["webhook-id"] = "evt_1",
                ["webhook-timestamp"] = timestamp,
                ["webhook-signature"] = Signatures.Standard(secret, "evt_1", timestamp, body),
                ["X-Hookstream-Signature"] = Signatures.Hookstream(secret, body),
            },
            body,
            now);
    }
}
