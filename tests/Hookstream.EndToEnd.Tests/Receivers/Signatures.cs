using System.Security.Cryptography;
using System.Text;

namespace Hookstream.EndToEnd.Tests.Receivers;

/// <summary>Both signatures of a delivery, computed here from the wire contract and not by the program's own code.</summary>
internal static class Signatures
{
    private const string Prefix = "whsec_";

    public static string Hookstream(string secret, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static string Standard(string secret, string id, string timestamp, byte[] body)
    {
        var encoded = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(encoded), signed));
    }

    /// <summary>What a receiver with the documented snippet and one secret does.</summary>
    public static bool PassesTheSnippet(this ReceivedRequest request, string secret) =>
        request.Header("X-Hookstream-Signature") == Hookstream(secret, request.Body);

    /// <summary>What a receiver with a Standard Webhooks library and one secret does: any of the signatures suffices.</summary>
    public static bool PassesALibrary(this ReceivedRequest request, string secret) =>
        request.Header("webhook-signature").Split(' ').Contains(Standard(
            secret, request.Header("webhook-id"), request.Header("webhook-timestamp"), request.Body));

    public static bool IsSignedBy(this ReceivedRequest request, string secret) =>
        request.Header("X-Hookstream-Signature") == Hookstream(secret, request.Body)
        && request.Header("webhook-signature") == Standard(
            secret, request.Header("webhook-id"), request.Header("webhook-timestamp"), request.Body);

    public static void ShouldBeSignedBy(this ReceivedRequest request, string secret)
    {
        request.Header("X-Hookstream-Signature").ShouldBe(Hookstream(secret, request.Body));
        request.Header("webhook-signature").ShouldBe(Standard(
            secret, request.Header("webhook-id"), request.Header("webhook-timestamp"), request.Body));
    }
}
