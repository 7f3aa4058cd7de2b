using static Hookstream.Delivery.Tests.Hostile.HostileCase;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Connections that are closed, half closed or reset at every stage, and requests that nobody reads.</summary>
internal static class HostileEnds
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Answer = Ok + "Content-Length: 2\r\n\r\nok";

    // More than the buffers of both sides of a connection hold.
    private static readonly string Large = $"\"{new string('x', 12 << 20)}\"";

    public static IEnumerable<HostileCase> All =>
    [
        new("reset when accepted", connection => Do(connection.Reset), AttemptOutcome.ConnectionReset),
        new("closed when accepted", _ => Task.CompletedTask, AttemptOutcome.ConnectionReset),
        new("closed when accepted, a large request", _ => Task.CompletedTask, AttemptOutcome.ConnectionReset) { Payload = Large },
        new("reset after the request line", After("\r\n", connection => connection.Reset()), AttemptOutcome.ConnectionReset),
        new("reset in the middle of a large request", After("\r\n\r\n", connection => connection.Reset()), AttemptOutcome.ConnectionReset) { Payload = Large },
        new("closed in the middle of a large request", After("\r\n\r\n", _ => { }), AttemptOutcome.ConnectionReset) { Payload = Large },
        new("reset after the request", Resetting(""), AttemptOutcome.ConnectionReset),
        new("reset in the middle of the status line", Resetting("HTTP/1.1 2"), AttemptOutcome.ConnectionReset),
        new("closed in the middle of the status line", Closing("HTTP/1.1 2"), AttemptOutcome.ConnectionReset),
        new("reset in the middle of the headers", Resetting(Ok + "X-Half: "), AttemptOutcome.ConnectionReset),
        new("closed in the middle of the headers", Closing(Ok + "X-Half: "), AttemptOutcome.ConnectionReset),
        new("closed after the headers", Closing(Ok + "X-Whole: 1\r\n"), AttemptOutcome.ConnectionReset),
        new("closed in the middle of a chunk", Closing(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"), AttemptOutcome.ConnectionReset, 200),
        new("closed before the last chunk", Closing(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), AttemptOutcome.ConnectionReset, 200),
        new("reset in the middle of a chunk", Resetting(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"), AttemptOutcome.ConnectionReset, 200),

        // The answer is whole; what happens to the connection afterwards takes nothing back.
        new("closed after the answer", Closing(Answer), AttemptOutcome.Delivered, 200),
        new("reset after the answer", Resetting(Answer), AttemptOutcome.Delivered, 200),
        new("closed after the answer, as it said", Closing(Ok + "Connection: close\r\nContent-Length: 2\r\n\r\nok"), AttemptOutcome.Delivered, 200),
        new("not closed after the answer, although it said so", Answering(Ok + "Connection: close\r\nContent-Length: 2\r\n\r\nok"), AttemptOutcome.Delivered, 200),
        new("half closed after the answer", Once(async connection =>
        {
            await connection.WriteAsync(Answer);
            connection.HalfClose();
            await connection.DrainAsync();
        }), AttemptOutcome.Delivered, 200),
        new("half closed instead of an answer", Once(async connection =>
        {
            connection.HalfClose();
            await connection.DrainAsync();
        }), AttemptOutcome.ConnectionReset),
        new("half closed in the middle of the body", Once(async connection =>
        {
            await connection.WriteAsync(Ok + "Content-Length: 10\r\n\r\nfive!");
            connection.HalfClose();
            await connection.DrainAsync();
        }), AttemptOutcome.ConnectionReset, 200),
        new("error and closed", Closing("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), AttemptOutcome.HttpStatus, 500),

        // Requests that nobody reads.
        new("large request that nobody reads", connection => connection.HangAsync(), AttemptOutcome.Timeout) { Payload = Large },
        new("request that nobody reads", connection => connection.HangAsync(), AttemptOutcome.Timeout),
        new("answer before the request", async connection =>
        {
            await connection.WriteAsync(Answer);
            await connection.ReadRequestAsync();
        }, AttemptOutcome.Delivered, 200),
    ];

    private static Func<HostileConnection, Task> After(string text, Action<HostileConnection> end) => async connection =>
    {
        await connection.ReadUntilAsync(text);
        end(connection);
    };

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
