using System.Security.Cryptography.X509Certificates;
using static Hookstream.Delivery.Tests.Hostile.HostileCase;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Receivers that are not who they say, and handshakes that are none.</summary>
internal static class HostileTls
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Answer = Ok + "Content-Length: 2\r\n\r\nok";
    private const string ByName = "https://" + TestCertificates.Host;
    private const string ByAddress = "https://127.0.0.1";

    public static IEnumerable<HostileCase> All =>
    [
        // What the others differ from.
        Over("TLS with a good certificate", TestCertificates.Good, Answering(Answer), AttemptOutcome.Delivered, 200) with { Reused = true },
        Over("TLS with a certificate of the address", TestCertificates.OfTheAddress, Answering(Answer), AttemptOutcome.Delivered, 200) with { Reused = true, Origin = ByAddress },

        Refused("certificate of another host", TestCertificates.OfAnotherHost),
        Refused("certificate of a name for an address", TestCertificates.Good) with { Origin = ByAddress },
        Refused("certificate of an address for a name", TestCertificates.OfTheAddress),
        Refused("expired certificate", TestCertificates.Expired),
        Refused("certificate of tomorrow", TestCertificates.NotYetValid),
        Refused("self-signed certificate", TestCertificates.SelfSigned),
        Refused("certificate of an authority that nobody trusts", TestCertificates.OfAnotherAuthority),
        Refused("certificate for clients", TestCertificates.ForClients),

        Raw("plain HTTP to a TLS handshake", connection => connection.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")),
        Raw("zeros to a TLS handshake", connection => connection.WriteAsync(new string('\0', 1000))),
        Raw("noise to a TLS handshake", connection => connection.WriteAsync(Noise(2000))),
        Raw("noise in a record of a handshake", connection => connection.WriteAsync("\u0016\u0003\u0003\u0003\u00e8" + Noise(1000))),
        Raw("noise without end to a TLS handshake", connection => connection.FloodAsync(Noise(4096))),
        Raw("record that is too long", connection => connection.WriteAsync("\u0016\u0003\u0003\u00ff\u00ff" + Noise(1000))),
        Raw("handshake refused by an alert", connection => connection.WriteAsync("\u0015\u0003\u0003\0\u0002\u0002\u0028")),
        Raw("old version of SSL", connection => connection.WriteAsync("\u0016\u0003\0\0\u0004\u000e\0\0\0")),
        Raw("handshake closed", _ => Task.CompletedTask),
        Raw("handshake reset", connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        }),
        // A connection that is still being made when its request runs out of time is what the next one waits for, for a while.
        Raw("handshake that nobody answers", connection => connection.HangAsync(), AttemptOutcome.Timeout) with { Reused = true },
        Raw("handshake that stops", async connection =>
        {
            await connection.WriteAsync("\u0016\u0003\u0003\u0003\u00e8\u0002");
            await connection.HangAsync();
        }, AttemptOutcome.Timeout) with { Reused = true },
        Raw("handshake one byte at a time", async connection =>
        {
            await connection.WriteAsync("\u0016\u0003\u0003\u0040\0\u0002\0\u003f\u00fc");
            await connection.TrickleAsync("x");
        }, AttemptOutcome.Timeout),

        Over("closed after the handshake", TestCertificates.Good, _ => Task.CompletedTask, AttemptOutcome.ConnectionReset),
        Over("reset after the handshake", TestCertificates.Good, Resetting(""), AttemptOutcome.ConnectionReset),
        Over("reset in the middle of an encrypted body", TestCertificates.Good, Resetting(Ok + "Content-Length: 100\r\n\r\nshort"), AttemptOutcome.ConnectionReset, 200),
        Over("closed in the middle of an encrypted body", TestCertificates.Good, Closing(Ok + "Content-Length: 100\r\n\r\nshort"), AttemptOutcome.ConnectionReset, 200),
        Over("encrypted body that stops", TestCertificates.Good, Hanging(Ok + "Content-Length: 100\r\n\r\nshort"), AttemptOutcome.Timeout, 200),
        Over("encrypted body without end", TestCertificates.Good, Once(async connection =>
        {
            await connection.WriteAsync(Ok + "\r\n");
            await connection.FloodAsync("x");
        }), AttemptOutcome.Delivered, 200),
        Over("encrypted headers without end", TestCertificates.Good, Once(async connection =>
        {
            await connection.WriteAsync(Ok);
            await connection.FloodAsync("a:b\r\n");
        }), AttemptOutcome.InvalidResponse),
        Over("plain text in the middle of TLS", TestCertificates.Good, Once(connection =>
        {
            connection.DropTls();
            return connection.WriteAsync(Answer);
        }), AttemptOutcome.TlsFailure),
        Over("a late answer to no request, encrypted", TestCertificates.Good, Each(async connection =>
        {
            await connection.WriteAsync(Answer);
            await connection.WriteAsync(Ok + "Content-Length: 4\r\n\r\nfake");
        }), AttemptOutcome.Delivered, 200) with { Check = attempt => attempt.ResponseBody!.Value.Length.ShouldBe(2) },
    ];

    private static HostileCase Over(
        string name, X509Certificate2 certificate, Func<HostileConnection, Task> script, AttemptOutcome outcome, int? status = null) =>
        new(name, async connection =>
        {
            await connection.HandshakeAsync(certificate);
            await script(connection);
        }, outcome, status)
        {
            Origin = ByName,
        };

    private static HostileCase Refused(string name, X509Certificate2 certificate) =>
        Over(name, certificate, Answering(Answer), AttemptOutcome.TlsFailure) with
        {
            Check = attempt => attempt.Error!.ShouldContain("certificate"),
        };

    private static HostileCase Raw(
        string name, Func<HostileConnection, Task> script, AttemptOutcome outcome = AttemptOutcome.TlsFailure) =>
        new(name, async connection =>
        {
            // The client's part of the handshake begins with a record of this kind and ends with its own length.
            await connection.ReadUntilAsync("\u0016\u0003\u0001");
            await script(connection);
        }, outcome)
        {
            Origin = ByName,
        };

    // Text that is no TLS, the same in each run.
    private static string Noise(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(index => (char)(((index * 7919) + 13) % 251)));
}
