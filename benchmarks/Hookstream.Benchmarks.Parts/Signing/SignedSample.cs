using System.Security.Cryptography;
using System.Text;
using Hookstream.Core.Signing;

namespace Hookstream.Benchmarks.Parts.Signing;

/// <summary>What one send signs: a body, and the body behind <c>id.timestamp.</c></summary>
internal sealed class SignedSample
{
    private const string Id = "evt_01jg3z8q7w0000000000000000";
    private const string Timestamp = "1767225600";

    public SignedSample(int bodyBytes)
    {
        Body = new byte[bodyBytes];
        RandomNumberGenerator.Fill(Body);
        Message = [.. Prefix, .. Body];
    }

    public SigningSecret Secret { get; } = SigningSecret.Generate();

    /// <summary><c>id.timestamp.</c></summary>
    public byte[] Prefix { get; } = Encoding.ASCII.GetBytes($"{Id}.{Timestamp}.");

    public byte[] Body { get; }

    public byte[] Message { get; }
}
