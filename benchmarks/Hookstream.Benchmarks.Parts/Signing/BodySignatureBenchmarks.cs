using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Hookstream.Core.Signing;

namespace Hookstream.Benchmarks.Parts.Signing;

/// <summary><c>X-Hookstream-Signature</c>: hash and text on the stack, or in objects of their own.</summary>
public class BodySignatureBenchmarks
{
    private SignedSample _sample = null!;

    /// <summary>The envelope of the sample event, and of a payload of 16 KiB.</summary>
    [Params(256, 16_384)]
    public int BodyBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _sample = new SignedSample(BodyBytes);
        if (OfBody() != Plain())
            throw new InvalidOperationException("the signatures differ");
    }

    [Benchmark(Baseline = true)]
    public string Plain() =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(_sample.Secret.TextKey, _sample.Body))}";

    [Benchmark]
    public string OfBody() => WebhookSignature.OfBody(_sample.Secret, _sample.Body);
}
