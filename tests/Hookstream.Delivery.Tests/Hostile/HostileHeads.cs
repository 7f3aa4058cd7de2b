using static Hookstream.Delivery.Tests.Hostile.HostileCase;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Answers whose status line and headers are none, too long, too many, or ask for something.</summary>
internal static class HostileHeads
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Empty = "Content-Length: 0\r\n\r\n";

    public static IEnumerable<HostileCase> All =>
    [
        // Too long, too slow.
        new("header of megabytes", Flood(Ok + "X-Long: ", "x", 8 << 20), AttemptOutcome.InvalidResponse),
        new("megabytes of headers", Flood(Ok, "X-Many: " + new string('x', 100) + "\r\n", 8 << 20), AttemptOutcome.InvalidResponse),
        new("headers without end", Flood(Ok, "a:b\r\n"), AttemptOutcome.InvalidResponse),
        new("name of a header without end", Flood(Ok, "x"), AttemptOutcome.InvalidResponse),
        new("status line without end", Flood("HTTP/1.1 200 ", "x"), AttemptOutcome.InvalidResponse),
        new("folded header without end", Flood(Ok + "X-Fold: a\r\n", " b\r\n"), AttemptOutcome.InvalidResponse),
        new("headers that stop", Hanging(Ok + "X-Half: "), AttemptOutcome.Timeout),
        new("status line that stops", Hanging("HTTP/1."), AttemptOutcome.Timeout),
        new("one letter of the status line at a time", Once(connection => connection.TrickleAsync("H")), AttemptOutcome.Timeout),
        new("one header at a time", Trickle(Ok, "X-Slow: 1\r\n"), AttemptOutcome.Timeout),
        new("no answer", Once(connection => connection.HangAsync()), AttemptOutcome.Timeout),

        // No HTTP.
        new("empty answer", Closing(""), AttemptOutcome.ConnectionReset),
        new("blank lines", Answering("\r\n\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("zeros", Hanging(new string('\0', 1000)), AttemptOutcome.Timeout),
        new("zeros without end", Flood("", "\0"), AttemptOutcome.InvalidResponse),
        new("a page without a head", Closing("<html><body>It works!</body></html>\r\n"), AttemptOutcome.InvalidResponse),
        new("mail server", Answering("220 mail.example.com ESMTP\r\n"), AttemptOutcome.InvalidResponse),
        new("secure shell", Answering("SSH-2.0-OpenSSH_9.2\r\n"), AttemptOutcome.InvalidResponse),
        new("Redis", Answering("-ERR unknown command 'POST'\r\n"), AttemptOutcome.InvalidResponse),
        new("radio", Answering("ICY 200 OK\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("TLS alert", Closing("\u0015\u0003\u0003\0\u0002\u0002\u0016"), AttemptOutcome.ConnectionReset),
        new("HTTP/2 settings", Hanging("\0\0\u0006\u0004\0\0\0\0\0\0\u0003\0\0\0d\0\0\u0004\b\0\0\0\0\0\0\u000f\0\u0001"), AttemptOutcome.Timeout),
        new("HTTP/2 preface", Answering("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("the request back", Answering("POST /hook HTTP/1.1\r\nHost: a\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("HTTP in small letters", Answering("http/1.1 200 ok\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("no space before the status", Answering("HTTP/1.1200 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),

        // Versions and status codes.
        new("HTTP/1.0", Answering("HTTP/1.0 200 OK\r\n" + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("HTTP/1.0 that stays", Answering("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("HTTP/1.0 without a length", Closing("HTTP/1.0 200 OK\r\n\r\nhello"), AttemptOutcome.Delivered, 200),
        new("HTTP/2.0 in HTTP/1", Answering("HTTP/2.0 200 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("HTTP/9.9", Answering("HTTP/9.9 200 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("HTTP/0.9", Closing("HTTP/0.9 200 OK\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("status without a reason", Answering("HTTP/1.1 200\r\n" + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("status 999", Answering("HTTP/1.1 999 Enough\r\n" + Empty), AttemptOutcome.HttpStatus, 999) { Reused = true },
        new("status 600", Answering("HTTP/1.1 600 Beyond\r\n" + Empty), AttemptOutcome.HttpStatus, 600) { Reused = true },
        new("status 000", Answering("HTTP/1.1 000 Nothing\r\n" + Empty), AttemptOutcome.HttpStatus, 0) { Reused = true },
        new("status 099", Answering("HTTP/1.1 099 Low\r\n" + Empty), AttemptOutcome.HttpStatus, 99) { Reused = true },
        new("status below zero", Answering("HTTP/1.1 -200 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("status of two digits", Answering("HTTP/1.1 20 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("status of four digits", Answering("HTTP/1.1 2000 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("status in words", Answering("HTTP/1.1 two OK\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("status in hexadecimal", Answering("HTTP/1.1 0xC8 OK\r\n" + Empty), AttemptOutcome.InvalidResponse),

        // Headers that are none.
        new("header without a colon", Answering(Ok + "nonsense\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("header without a name", Answering(Ok + ": value\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("header with a space in its name", Answering(Ok + "X Y: value\r\n" + Empty), AttemptOutcome.InvalidResponse),
        new("header with a zero in it", Answering(Ok + "X: a\0b\r\n" + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("header in another character set", Answering(Ok + "X-Name: J\u00fcrgen \u00ff\u0080\r\n" + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("line ends without carriage return", Answering("HTTP/1.1 200 OK\nContent-Length: 0\n\n"), AttemptOutcome.Delivered, 200) { Reused = true },

        // Informational answers.
        new("100 without end", Flood("", "HTTP/1.1 100 Continue\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("102 without end", Flood("", "HTTP/1.1 102 Processing\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("103 without end", Flood("", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"), AttemptOutcome.InvalidResponse),
        new("103 again and again", Trickle("", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"), AttemptOutcome.Timeout),
        new("100 and nothing more", Hanging("HTTP/1.1 100 Continue\r\n\r\n"), AttemptOutcome.Timeout),
        new("100 and closed", Closing("HTTP/1.1 100 Continue\r\n\r\n"), AttemptOutcome.ConnectionReset),
        new("a few of them and an answer", Answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + Ok + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("199 and an answer", Answering("HTTP/1.1 199 Odd\r\n\r\n" + Ok + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
        new("another protocol", Hanging("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"), AttemptOutcome.HttpStatus, 101),
        new("another protocol that talks without end", Flood("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "x"), AttemptOutcome.HttpStatus, 101),

        // What asks for another request, which nobody makes.
        .. Redirects(),
        new("asked for a password", Answering("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate, NTLM, Basic realm=\"x\"\r\n" + Empty), AttemptOutcome.HttpStatus, 401) { Reused = true },
        new("asked for a proxy's password", Answering("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n" + Empty), AttemptOutcome.HttpStatus, 407) { Reused = true },
        new("asked to send it elsewhere", Answering("HTTP/1.1 421 Misdirected Request\r\nAlt-Svc: h3=\":1\", h2=\"127.0.0.1:1\"\r\n" + Empty), AttemptOutcome.HttpStatus, 421) { Reused = true },
        new("asked to upgrade", Answering("HTTP/1.1 426 Upgrade Required\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n" + Empty), AttemptOutcome.HttpStatus, 426) { Reused = true },
        new("asked to come back at once", Answering("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\n" + Empty), AttemptOutcome.HttpStatus, 503) { Reused = true },
        new("told to try again", Answering("HTTP/1.1 408 Request Timeout\r\n" + Empty), AttemptOutcome.HttpStatus, 408) { Reused = true },
        new("refresh and cookies", Answering(Ok + "Refresh: 0; url=http://127.0.0.1:1/\r\nSet-Cookie: session=stolen\r\n" + Empty), AttemptOutcome.Delivered, 200) { Reused = true },
    ];

    private static IEnumerable<HostileCase> Redirects()
    {
        foreach (var status in new[] { 300, 301, 302, 303, 305, 307, 308 })
        {
            foreach (var target in new[] { "/elsewhere", "http://127.0.0.1:1/", "file:///etc/passwd" }[..(status == 302 ? 3 : 1)])
            {
                yield return new($"redirect {status} to {target}", Answering($"HTTP/1.1 {status} Go\r\nLocation: {target}\r\n" + Empty), AttemptOutcome.HttpStatus, status)
                {
                    Reused = true,
                };
            }
        }
    }

    private static Func<HostileConnection, Task> Flood(string head, string text, long bytes = long.MaxValue) => Once(async connection =>
    {
        await connection.WriteAsync(head);
        await connection.FloodAsync(text, bytes);
    });

    private static Func<HostileConnection, Task> Trickle(string head, string text) => Once(async connection =>
    {
        await connection.WriteAsync(head);
        await connection.TrickleAsync(text);
    });
}
