using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Connections that a receiver closes while nothing is sent on them, or just when something is.</summary>
public sealed class IdleConnectionTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_closed_just_as_the_next_request_goes_out_is_recorded_and_not_sent_again_on_the_quiet(bool reset)
    {
        await using var receiver = new HostileReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer);
            // The next request has begun: whether it was acted on is what its sender cannot know.
            await connection.ReadUntilAsync("POST");
            if (reset)
                connection.Reset();
        });
        await using var host = new WorkerHost();
        var message = MessageTo(receiver);

        (await SendAsync(host, message)).Outcome.ShouldBe(AttemptOutcome.Delivered);
        (await SendAsync(host, message)).Outcome.ShouldBe(AttemptOutcome.ConnectionReset);

        receiver.Connections.ShouldBe(1);
        (await SendAsync(host, message)).Outcome.ShouldBe(AttemptOutcome.Delivered);
        receiver.Connections.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_closed_while_idle_cost_no_attempt(bool reset)
    {
        await using var receiver = new HostileReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer);
            if (reset)
                connection.Reset();
        });
        await using var host = new WorkerHost();
        var message = MessageTo(receiver);
        for (var sent = 1; sent <= 20; sent++)
        {
            (await SendAsync(host, message)).Outcome.ShouldBe(AttemptOutcome.Delivered);
            await receiver.AtRestAsync();
            receiver.Connections.ShouldBe(sent);
        }
    }

    [Fact]
    public async Task Connection_that_receivers_are_known_to_close_soon_is_given_up_before()
    {
        var gone = new TaskCompletionSource();
        await using var receiver = new HostileReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer);
            await connection.ReadRequestAsync();
            gone.TrySetResult();
        });
        await using var host = new WorkerHost();

        (await SendAsync(host, MessageTo(receiver))).Outcome.ShouldBe(AttemptOutcome.Delivered);

        // Node's receivers close at 5 s of idleness; the pool looks every second or so.
        await gone.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
    }

    private static WebhookMessage MessageTo(HostileReceiver receiver) =>
        WebhookMessage.Of(Sample.Work(Sample.Endpoint(new Uri($"http://127.0.0.1:{receiver.Port}/hook"))));

    private static async Task<Attempt> SendAsync(WorkerHost host, WebhookMessage message) =>
        (await host.Get<WebhookSender>().SendAsync(message, Attempt.MaxResponseBody, TestContext.Current.CancellationToken)).Attempt;
}
