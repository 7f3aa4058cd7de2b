using System.Text.Json;
using Hookstream.Delivery.Challenges;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.AspNetCore.Http;

namespace Hookstream.Delivery.Tests.Challenges;

public sealed class ChallengeTests
{
    [Fact]
    public async Task Endpoint_that_returns_the_challenge_is_verified_and_recorded()
    {
        await using var receiver = await WebReceiver.StartAsync(
            (context, body) => context.Response.Body.WriteAsync(body).AsTask());
        await using var host = new WorkerHost();
        var endpoint = Sample.Endpoint(receiver.Url);
        var result = await host.Probe.ChallengeAsync(endpoint, TestContext.Current.CancellationToken);

        result.Verified.ShouldBeTrue();
        result.Problem.ShouldBeNull();
        host.Subscribers.Recorded.Single().ShouldBe((endpoint.Id, receiver.Url, true, null));
        var request = receiver.Received.Single();
        using var sent = JsonDocument.Parse(request.Body);
        sent.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(["type", "challenge"]);
        sent.RootElement.GetProperty("type").GetString().ShouldBe("webhook.verify");
        request.Headers["X-Hookstream-Event"].ShouldBe("webhook.verify");
        request.Headers["X-Hookstream-Delivery"].ShouldStartWith("dlv_");
        request.Headers["X-Hookstream-Attempt"].ShouldBe("1");
        request.Headers["webhook-id"].ShouldStartWith("evt_");
        request.Headers.ShouldContainKey("X-Hookstream-Signature");
        request.Headers.ShouldContainKey("webhook-signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"challenge\":\"another\"}")]
    [InlineData("{\"challenge\":1}")]
    [InlineData("{\"nested\":{\"challenge\":\"CHALLENGE\"}}")]
    [InlineData("{\"challenge\":\"CHALLENGE\"")]
    [InlineData("{\"challenge\":\"CHALLENGE\"} trailing")]
    public async Task Other_answers_do_not_verify(string answer)
    {
        await using var receiver = await AnsweringAsync(200, answer);
        await using var host = new WorkerHost();
        var result = await host.Probe.ChallengeAsync(
            Sample.Endpoint(receiver.Url), TestContext.Current.CancellationToken);
        result.Verified.ShouldBeFalse();
        result.Problem.ShouldNotBeNullOrEmpty();
        host.Subscribers.Recorded.ShouldBeEmpty();
    }

    [Fact]
    public async Task Right_answer_with_an_error_status_does_not_verify()
    {
        await using var receiver = await AnsweringAsync(500, "{\"challenge\":\"CHALLENGE\"}");
        await using var host = new WorkerHost();
        var result = await host.Probe.ChallengeAsync(
            Sample.Endpoint(receiver.Url), TestContext.Current.CancellationToken);
        result.Verified.ShouldBeFalse();
        result.Problem.ShouldBe("the endpoint answered 500");
    }

    [Fact]
    public async Task Answer_of_up_to_64_KiB_with_other_members_verifies()
    {
        var answer = $$"""{"padding":"{{new string('x', 60_000)}}","nested":{"a":[1]},"challenge":"CHALLENGE"}""";
        await using var receiver = await AnsweringAsync(200, answer);
        await using var host = new WorkerHost();
        var result = await host.Probe.ChallengeAsync(
            Sample.Endpoint(receiver.Url), TestContext.Current.CancellationToken);
        result.Verified.ShouldBeTrue();
        result.Attempt.ResponseBody!.Value.Length.ShouldBe(Attempt.MaxResponseBody);
        result.Attempt.ResponseTruncated.ShouldBeTrue();
    }

    [Fact]
    public async Task Due_challenges_are_sent_in_the_background_and_failures_are_scheduled_again()
    {
        await using var good = await WebReceiver.StartAsync(
            (context, body) => context.Response.Body.WriteAsync(body).AsTask());
        await using var bad = await WebReceiver.StartAsync(500);
        await using var host = new WorkerHost();
        var (verified, failing) = (Sample.Endpoint(good.Url), Sample.Endpoint(bad.Url));
        await host.StartAsync<ChallengeWorker>();
        var now = TimeProvider.System.GetUtcNow();
        host.Subscribers.AddDue(new DueChallenge(verified, 0, now));
        host.Subscribers.AddDue(new DueChallenge(failing, 1, now));
        await Eventually.HoldsAsync(() => host.Subscribers.RecordedCount() == 2, "both are recorded");
        host.Subscribers.Recorded.ShouldContain((verified.Id, good.Url, true, null));
        host.Subscribers.Recorded.ShouldContain((failing.Id, bad.Url, false, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Challenge_that_a_shutdown_cuts_off_is_given_back()
    {
        var asked = new TaskCompletionSource();
        await using var hanging = await WebReceiver.StartAsync(async (context, _) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var endpoint = Sample.Endpoint(hanging.Url);
        await using var host = new WorkerHost();
        await host.StartAsync<ChallengeWorker>();
        host.Subscribers.AddDue(new DueChallenge(endpoint, 0, TimeProvider.System.GetUtcNow()));
        await asked.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);

        await host.StopAsync(TestContext.Current.CancellationToken);

        host.Subscribers.Returned.ShouldBe([endpoint.Id]);
        host.Subscribers.Recorded.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(3, 0, 1800)]
    [InlineData(4, 0, 7200)]
    [InlineData(40, 0, 7200)]
    [InlineData(15, 23, null)]
    public void Challenges_back_off_for_a_day(int failures, int hours, int? seconds)
    {
        var due = new DueChallenge(Sample.Endpoint(new Uri("http://example.com")), failures, Sample.Now);
        ChallengeSchedule.RetryIn(due, Sample.Now.AddHours(hours))
            .ShouldBe(seconds is { } value ? TimeSpan.FromSeconds(value) : null);
    }

    [Fact]
    public async Task Test_event_is_sent_once_and_not_stored()
    {
        await using var receiver = await WebReceiver.StartAsync(500);
        await using var host = new WorkerHost();
        var attempt = await host.Probe.TestAsync(Sample.Endpoint(receiver.Url), TestContext.Current.CancellationToken);
        attempt.Trigger.ShouldBe(AttemptTrigger.Test);
        attempt.Number.ShouldBe(1);
        attempt.StatusCode.ShouldBe(500);
        using var sent = JsonDocument.Parse(receiver.Received.Single().Body);
        sent.RootElement.GetProperty("type").GetString().ShouldBe("hookstream.test");
        sent.RootElement.GetProperty("data").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        host.Deliveries.SettleCalls.ShouldBe(0);
    }

    private static Task<WebReceiver> AnsweringAsync(int status, string answer) =>
        WebReceiver.StartAsync(async (context, body) =>
        {
            using var sent = JsonDocument.Parse(body);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(answer.Replace(
                "CHALLENGE", sent.RootElement.GetProperty("challenge").GetString(), StringComparison.Ordinal));
        });
}
