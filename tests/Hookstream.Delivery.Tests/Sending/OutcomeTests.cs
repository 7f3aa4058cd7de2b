using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.AspNetCore.Http;

namespace Hookstream.Delivery.Tests.Sending;

public sealed class OutcomeTests
{
    [Fact]
    public async Task Closed_port_is_connection_refused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var settlement = await SendAsync(new Uri($"http://127.0.0.1:{port}/"));
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.ConnectionRefused);
        settlement.Attempt.StatusCode.ShouldBeNull();
        settlement.Attempt.ResponseBody.ShouldBeNull();
        settlement.Disposition.ShouldBe(Disposition.Retry);
        settlement.Error!.Code.ShouldBe("connection_refused");
    }

    [Fact]
    public async Task Unknown_host_is_a_dns_failure()
    {
        var settlement = await SendAsync(new Uri("http://nowhere.invalid/"));
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.DnsFailure);
    }

    [Fact]
    public async Task Plain_http_behind_https_is_a_tls_failure()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var settlement = await SendAsync(new UriBuilder(receiver.Url) { Scheme = "https" }.Uri);
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.TlsFailure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nonly")]
    public async Task Closing_before_the_answer_is_whole_is_connection_reset(string response)
    {
        await using var receiver = SocketReceiver.Answering(response);
        var settlement = await SendAsync(receiver.Url);
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.ConnectionReset);
        settlement.Disposition.ShouldBe(Disposition.Retry);
    }

    [Fact]
    public async Task Reset_in_the_middle_of_the_body_is_connection_reset()
    {
        await using var receiver = new SocketReceiver(async (stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"u8.ToArray(), cancellation);
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
        });
        (await SendAsync(receiver.Url)).Attempt!.Outcome.ShouldBe(AttemptOutcome.ConnectionReset);
    }

    [Theory]
    [InlineData("220 smtp.example.com ESMTP\r\n\r\n")]
    [InlineData("HTTP/1.1 twohundred OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task What_is_not_http_is_an_invalid_response(string response)
    {
        await using var receiver = SocketReceiver.Answering(response);
        (await SendAsync(receiver.Url)).Attempt!.Outcome.ShouldBe(AttemptOutcome.InvalidResponse);
    }

    [Fact]
    public async Task Endless_headers_are_an_invalid_response()
    {
        await using var receiver = SocketReceiver.Answering(
            "HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 100_000) + "\r\n\r\n");
        (await SendAsync(receiver.Url)).Attempt!.Outcome.ShouldBe(AttemptOutcome.InvalidResponse);
    }

    [Fact]
    public async Task Headers_that_never_come_are_a_timeout()
    {
        await using var receiver = new SocketReceiver(
            (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        var attempt = (await SendAsync(receiver.Url, timeout: TimeSpan.FromMilliseconds(300))).Attempt!;
        attempt.Outcome.ShouldBe(AttemptOutcome.Timeout);
        attempt.Error.ShouldBe("no answer within 0.3 s");
        attempt.Duration.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task Body_that_trickles_beyond_the_deadline_is_a_timeout()
    {
        await using var receiver = new SocketReceiver(async (stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), cancellation);
            for (var i = 0; i < 1000; i++)
            {
                await stream.WriteAsync("x"u8.ToArray(), cancellation);
                await Task.Delay(50, cancellation);
            }
        });
        var attempt = (await SendAsync(receiver.Url, timeout: TimeSpan.FromSeconds(2))).Attempt!;
        attempt.Outcome.ShouldBe(AttemptOutcome.Timeout);
        attempt.StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task Switching_protocols_is_a_failure_that_nobody_waits_for()
    {
        await using var receiver = new SocketReceiver(async (stream, cancellation) =>
        {
            await stream.WriteAsync(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        var attempt = (await SendAsync(receiver.Url)).Attempt!;
        attempt.Outcome.ShouldBe(AttemptOutcome.HttpStatus);
        attempt.StatusCode.ShouldBe(101);
    }

    [Fact]
    public async Task Redirect_is_a_failure_and_not_followed()
    {
        await using var receiver = await WebReceiver.StartAsync((context, _) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        var settlement = await SendAsync(receiver.Url);
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.HttpStatus);
        settlement.Attempt.StatusCode.ShouldBe(302);
        settlement.Disposition.ShouldBe(Disposition.Retry);
        receiver.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Gone_dead_letters_and_disables_the_endpoint()
    {
        await using var receiver = await WebReceiver.StartAsync(410);
        var settlement = await SendAsync(receiver.Url);
        settlement.Disposition.ShouldBe(Disposition.DeadLetter);
        settlement.DisableEndpointReason.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(503, "120", 120)]
    [InlineData(429, "7200", 7200)]
    [InlineData(429, "99999999999999999999", 86400)]
    [InlineData(500, "120", null)]
    [InlineData(503, "soon", null)]
    [InlineData(503, "-5", null)]
    public async Task Retry_after_blocks_the_endpoint(int status, string retryAfter, int? seconds)
    {
        await using var receiver = await WebReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        var settlement = await SendAsync(receiver.Url);
        settlement.BlockEndpointFor.ShouldBe(seconds is { } value ? TimeSpan.FromSeconds(value) : null);
        settlement.RetryIn.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(seconds ?? 30));
    }

    [Fact]
    public void Retry_after_reads_an_http_date()
    {
        var text = Sample.Now.AddMinutes(10).ToString("r", CultureInfo.InvariantCulture);
        var wait = RetryAfterHeader.Parse(text, Sample.Now);
        wait!.Value.TotalSeconds.ShouldBe(600, tolerance: 1);
        RetryAfterHeader.Parse(text, Sample.Now.AddHours(1)).ShouldBeNull();
    }

    [Fact]
    public async Task Body_beyond_4_KiB_is_cut_and_headers_are_recorded()
    {
        await using var receiver = await WebReceiver.StartAsync(async (context, _) =>
        {
            context.Response.Headers.Append("X-Twice", new[] { "a", "b\"c" });
            await context.Response.WriteAsync(new string('y', 300_000));
        });
        var attempt = (await SendAsync(receiver.Url)).Attempt!;
        attempt.Outcome.ShouldBe(AttemptOutcome.Delivered);
        attempt.ResponseTruncated.ShouldBeTrue();
        Encoding.ASCII.GetString(attempt.ResponseBody!.Value.Span).ShouldBe(new string('y', 4096));
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(attempt.ResponseHeaders.Span)!;
        headers["X-Twice"].ShouldBe("a, b\"c");
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    public async Task Body_is_truncated_only_when_there_was_more(int length, bool truncated)
    {
        await using var receiver = await WebReceiver.StartAsync(
            (context, _) => context.Response.WriteAsync(new string('y', length)));
        var attempt = (await SendAsync(receiver.Url)).Attempt!;
        attempt.ResponseTruncated.ShouldBe(truncated);
        attempt.ResponseBody!.Value.Length.ShouldBe(4096);
    }

    private static async Task<Settlement> SendAsync(Uri url, TimeSpan? timeout = null)
    {
        await using var host = new WorkerHost();
        await host.StartAsync();
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(url, settings => settings with { Timeout = timeout })));
        return (await host.SettledAsync(1)).Single();
    }
}
