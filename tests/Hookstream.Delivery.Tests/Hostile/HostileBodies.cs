using System.IO.Compression;
using System.Text;
using static Hookstream.Delivery.Tests.Hostile.HostileCase;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Answers whose bodies are too long, too slow, not as announced, or not to be unpacked.</summary>
internal static class HostileBodies
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";
    private const int HundredMegabytes = 100 << 20;

    private static readonly byte[] Bomb = MakeBomb();

    public static IEnumerable<HostileCase> All =>
    [
        // Too long. The answer has come; what follows is read no further than it is worth, and the connection is given up.
        new("body without end, chunked", Flood(Chunked, "1000\r\n" + new string('x', 4096) + "\r\n"), AttemptOutcome.Delivered, 200) { Check = Truncated },
        new("body without end, in chunks of a byte", Flood(Chunked, "1\r\nx\r\n"), AttemptOutcome.Delivered, 200) { Check = Truncated },
        new("body without end, until the connection closes", Flood(Ok + "\r\n", "x"), AttemptOutcome.Delivered, 200) { Check = Truncated },
        new("body without end after an error", Flood("HTTP/1.1 500 Oops\r\n\r\n", "x"), AttemptOutcome.HttpStatus, 500) { Check = Truncated },
        new("100 MB with a length", Flood(Ok + $"Content-Length: {HundredMegabytes}\r\n\r\n", "x", HundredMegabytes), AttemptOutcome.Delivered, 200) { Check = Truncated },
        new("100 MB in one chunk", Flood(Chunked + "6400000\r\n", "x", HundredMegabytes), AttemptOutcome.Delivered, 200) { Check = Truncated },
        new("100 MB until the connection closes", Flood(Ok + "Connection: close\r\n\r\n", "x", HundredMegabytes), AttemptOutcome.Delivered, 200) { Check = Truncated },
        new("as much as is drained", Answering(Ok + "Content-Length: 60000\r\n\r\n" + new string('x', 60_000)), AttemptOutcome.Delivered, 200) { Check = Truncated, Reused = true },

        // Too slow.
        new("one byte at a time, with a length", Trickle(Ok + "Content-Length: 100000\r\n\r\n", "x"), AttemptOutcome.Timeout, 200),
        new("one byte at a time, chunked", Trickle(Chunked, "1\r\nx\r\n"), AttemptOutcome.Timeout, 200),
        new("one byte at a time, until the connection closes", Trickle(Ok + "\r\n", "x"), AttemptOutcome.Timeout, 200),
        new("one digit of a chunk's size at a time", Trickle(Chunked, "0"), AttemptOutcome.Timeout, 200),
        new("body that stops", Hanging(Ok + "Content-Length: 10\r\n\r\nfive!"), AttemptOutcome.Timeout, 200),
        new("body that does not begin", Hanging(Ok + "Content-Length: 10\r\n\r\n"), AttemptOutcome.Timeout, 200),
        new("chunks without the last one", Hanging(Chunked + "5\r\nhello\r\n"), AttemptOutcome.Timeout, 200),
        new("drained part that stops", Hanging(Ok + "Content-Length: 50000\r\n\r\n" + new string('x', 20_000)), AttemptOutcome.Timeout, 200),

        // Not as announced.
        new("shorter than its length", Closing(Ok + "Content-Length: 100\r\n\r\nshort"), AttemptOutcome.ConnectionReset, 200),
        new("shorter than its length, reset", Resetting(Ok + "Content-Length: 100\r\n\r\nshort"), AttemptOutcome.ConnectionReset, 200),
        new("longer than its length", Answering(Ok + "Content-Length: 2\r\n\r\nok and more"), AttemptOutcome.Delivered, 200) { Check = Body("ok") },
        new("two answers to one request", Answering(Ok + "Content-Length: 2\r\n\r\nok" + Ok + "Content-Length: 4\r\n\r\nfake"), AttemptOutcome.Delivered, 200) { Check = Body("ok") },
        new("a late answer to no request", Each(async connection =>
        {
            await connection.WriteAsync(Ok + "Content-Length: 2\r\n\r\nok");
            await connection.WriteAsync(Ok + "Content-Length: 4\r\n\r\nfake");
        }), AttemptOutcome.Delivered, 200) { Check = Body("ok") },
        new("204 with a body", Answering("HTTP/1.1 204 No Content\r\n\r\nbody"), AttemptOutcome.Delivered, 204) { Check = Body("") },
        new("204 with a length and a body", Answering("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody"), AttemptOutcome.Delivered, 204) { Check = Body("") },
        new("304 with a body", Answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody"), AttemptOutcome.HttpStatus, 304) { Check = Body("") },
        new("chunk longer than its size", Answering(Chunked + "2\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.InvalidResponse, 200),
        new("chunk shorter than its size", Closing(Chunked + "ff\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.ConnectionReset, 200),
        new("chunk's size that is none", Answering(Chunked + "zz\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.InvalidResponse, 200),
        new("chunk's size below zero", Answering(Chunked + "-5\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.InvalidResponse, 200),
        new("chunk's size beyond 64 bits", Answering(Chunked + "1ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.InvalidResponse, 200),
        new("chunk's size of 64 bits", Closing(Chunked + "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.ConnectionReset, 200),
        new("chunk's size that is missing", Answering(Chunked + "\r\nhello\r\n0\r\n\r\n"), AttemptOutcome.InvalidResponse, 200),
        new("chunk's extension of megabytes", Flood(Chunked + "5;", "x", 4 << 20), AttemptOutcome.InvalidResponse, 200),
        new("trailers of megabytes", Flood(Chunked + "0\r\n", "X-Trailer: " + new string('x', 1000) + "\r\n", 4 << 20), AttemptOutcome.InvalidResponse, 200),
        new("trailer without end", Flood(Chunked + "0\r\nX-Trailer: ", "x"), AttemptOutcome.InvalidResponse, 200),
        new("closed in the middle of a chunk's size", Closing(Chunked + "1"), AttemptOutcome.ConnectionReset, 200),
        new("length below zero", Answering(Ok + "Content-Length: -1\r\n\r\n"), AttemptOutcome.InvalidResponse, 200),
        new("length that is no number", Answering(Ok + "Content-Length: five\r\n\r\nhello"), AttemptOutcome.InvalidResponse, 200),
        new("length beyond 64 bits", Answering(Ok + "Content-Length: 99999999999999999999\r\n\r\nhello"), AttemptOutcome.InvalidResponse, 200),
        new("two lengths", Answering(Ok + "Content-Length: 2\r\nContent-Length: 5\r\n\r\nhello"), AttemptOutcome.InvalidResponse, 200),
        new("the same length twice", Answering(Ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), AttemptOutcome.Delivered, 200) { Check = Body("hello"), Reused = true },
        new("length and chunks", Answering(Ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), AttemptOutcome.Delivered, 200) { Check = Body("ok"), Reused = true },

        // Not to be unpacked.
        new("gzip bomb", Each(async connection =>
        {
            await connection.WriteAsync(Ok + $"Content-Encoding: gzip\r\nContent-Length: {Bomb.Length}\r\n\r\n");
            await connection.WriteAsync(Bomb);
        }), AttemptOutcome.Delivered, 200) { Check = Packed, Reused = true },
        new("gzip bomb, chunked", Each(async connection =>
        {
            await connection.WriteAsync(Chunked.Replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", StringComparison.Ordinal));
            await connection.WriteAsync($"{Bomb.Length:x}\r\n");
            await connection.WriteAsync(Bomb);
            await connection.WriteAsync("\r\n0\r\n\r\n");
        }), AttemptOutcome.Delivered, 200) { Check = Packed, Reused = true },
        new("gzip that is none", Answering(Ok + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"), AttemptOutcome.Delivered, 200) { Check = Body("hello"), Reused = true },
        new("brotli that is none", Answering(Ok + "Content-Encoding: br, gzip, gzip\r\nContent-Length: 5\r\n\r\nhello"), AttemptOutcome.Delivered, 200) { Check = Body("hello"), Reused = true },
        new("transfer coding nobody asked for", Closing(Ok + "Transfer-Encoding: gzip\r\n\r\nhello"), AttemptOutcome.Delivered, 200) { Check = Body("hello") },
        new("character set that does not exist", Answering(Ok + "Content-Type: text/html; charset=\"utf-99\r\nContent-Length: 2\r\n\r\n\u00ff\u00fe"), AttemptOutcome.Delivered, 200) { Reused = true },
    ];

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

    private static void Truncated(Attempt attempt)
    {
        attempt.ResponseTruncated.ShouldBeTrue();
        attempt.ResponseBody!.Value.Length.ShouldBe(Attempt.MaxResponseBody);
    }

    private static void Packed(Attempt attempt)
    {
        attempt.ResponseTruncated.ShouldBeTrue();
        attempt.ResponseBody!.Value.Span.SequenceEqual(Bomb.AsSpan(0, Attempt.MaxResponseBody)).ShouldBeTrue();
    }

    private static Action<Attempt> Body(string expected) =>
        attempt => Encoding.Latin1.GetString((attempt.ResponseBody ?? default).Span).ShouldBe(expected);

    // 50 KB that unpack to 50 MB.
    private static byte[] MakeBomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            var zeros = new byte[1 << 20];
            for (var megabyte = 0; megabyte < 50; megabyte++)
                gzip.Write(zeros);
        }

        return packed.ToArray();
    }
}
