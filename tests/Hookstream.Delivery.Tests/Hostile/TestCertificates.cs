using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Certificates of an authority that these tests trust, and some that nobody should.</summary>
internal static class TestCertificates
{
    public const string Host = "receiver.example";

    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly X509Certificate2 Root = MakeRoot("Trusted by the tests");
    private static readonly X509Certificate2 OtherRoot = MakeRoot("Trusted by nobody");

    public static X509Certificate2 Good { get; } = Make(Root);

    public static X509Certificate2 OfAnotherHost { get; } = Make(Root, host: "another.example");

    public static X509Certificate2 OfTheAddress { get; } = Make(Root, host: null);

    public static X509Certificate2 Expired { get; } = Make(Root, from: -30, until: -1);

    public static X509Certificate2 NotYetValid { get; } = Make(Root, from: 1, until: 30);

    public static X509Certificate2 ForClients { get; } = Make(Root, purpose: ClientPurpose);

    public static X509Certificate2 OfAnotherAuthority { get; } = Make(OtherRoot);

    public static X509Certificate2 SelfSigned { get; } = Make(issuer: null);

    public static X509ChainPolicy Trust
    {
        get
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.Add(Root);
            return policy;
        }
    }

    private static X509Certificate2 MakeRoot(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(Now.AddDays(-60), Now.AddDays(60));
    }

    private static X509Certificate2 Make(
        X509Certificate2? issuer, string? host = Host, int from = -30, int until = 30, string purpose = ServerPurpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host ?? "address"}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
            names.AddIpAddress(IPAddress.Loopback);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], true));
        if (issuer is null)
            return request.CreateSelfSigned(Now.AddDays(from), Now.AddDays(until));
        using var signed = request.Create(issuer, Now.AddDays(from), Now.AddDays(until), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
