using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Hookstream.Core.Signing;

namespace Hookstream.Benchmarks.Parts.Signing;

/// <summary>
/// <c>webhook-signature</c>: the same on the stack, and what it buys that <c>id.timestamp.body</c> lies in one piece
/// already.
/// </summary>
public class MessageSignatureBenchmarks
{
    private SignedSample _sample = null!;

    /// <summary>The envelope of the sample event, and of a payload of 16 KiB.</summary>
    [Params(256, 16_384)]
    public int BodyBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _sample = new SignedSample(BodyBytes);
        if (OfMessage() != Plain() || OfMessage() != PlainJoined())
            throw new InvalidOperationException("the signatures differ");
    }

    [Benchmark(Baseline = true)]
    public string PlainJoined()
    {
        byte[] message = [.. _sample.Prefix, .. _sample.Body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_sample.Secret.Key, message))}";
    }

    [Benchmark]
    public string Plain() =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_sample.Secret.Key, _sample.Message))}";

    [Benchmark]
    public string OfMessage() => WebhookSignature.OfMessage(_sample.Secret, _sample.Message);
}
