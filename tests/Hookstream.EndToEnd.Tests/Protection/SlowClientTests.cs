using System.Diagnostics;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Protection;

/// <summary>Clients that take a connection and give nothing for it, on raw sockets.</summary>
public sealed class SlowClientTests(SharedServer shared)
{
    // What the program allows is ten seconds, and what the web server would allow by itself, thirty; the rest is for a machine
    // that stands still.
    private static readonly TimeSpan HeadersDeadline = TimeSpan.FromSeconds(10 + 15);

    [Fact]
    public async Task Request_whose_headers_never_end_is_closed()
    {
        using var client = await RawClient.ConnectAsync(shared.Server.Address);
        using var over = new CancellationTokenSource();
        await client.SendAsync("GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ");

        var trickling = client.TrickleAsync(TimeSpan.FromMilliseconds(300), over.Token);
        var answer = await client.ReadToEndAsync(HeadersDeadline);
        await over.CancelAsync();
        await trickling;

        answer.ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task Many_of_them_keep_nobody_from_being_answered()
    {
        var tenant = await shared.NewTenantAsync();
        var slow = new List<RawClient>();
        try
        {
            for (var i = 0; i < 300; i++)
            {
                var client = await RawClient.ConnectAsync(shared.Server.Address);
                slow.Add(client);
                await client.SendAsync(i % 2 == 0
                    ? "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nX-Slow: "
                    : $"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {tenant.Key}\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{");
            }

            var waited = Stopwatch.StartNew();
            await tenant.PostAsync("order.paid");
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8), "before the first of them is let go, which takes ten");
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData(33_000, 1, 431)]
    [InlineData(10, 101, 431)]
    [InlineData(31_000, 1, 200)]
    [InlineData(10, 90, 200)]
    public async Task Headers_are_bounded_in_bytes_and_number(int length, int count, int status)
    {
        using var client = await RawClient.ConnectAsync(shared.Server.Address);
        var headers = string.Concat(Enumerable.Range(0, count).Select(number => $"X-H{number}: {new string('a', length)}\r\n"));
        await client.SendAsync($"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n");

        (await client.ReadToEndAsync(HeadersDeadline)).ShouldStartWith($"HTTP/1.1 {status} ");
    }
}
