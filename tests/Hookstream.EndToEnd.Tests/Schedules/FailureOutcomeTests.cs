using System.Text;
using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Schedules;

/// <summary>How a send can fail, and what its attempt says then.</summary>
public class FailureOutcomeTests(SharedServer shared)
{
    private static readonly string[] OneAttempt = ["0s"];

    [Fact]
    public async Task Redirect_is_a_failure_and_never_followed()
    {
        var target = shared.Receiver.NewEndpoint("target");
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(302, ("Location", target.Url.ToString())));

        var attempt = await FirstAttemptAsync(endpoint.Url);

        attempt.Text("outcome").ShouldBe("http_status");
        attempt.Number("status_code").ShouldBe(302);
        endpoint.Requests.Count.ShouldBe(1);
        target.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Endpoint_that_hangs_times_out()
    {
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Hang);

        var attempt = await FirstAttemptAsync(endpoint.Url, timeoutMs: 1_000);

        attempt.Text("outcome").ShouldBe("timeout");
        attempt.IsNull("status_code").ShouldBeTrue();
        // Timers may fire a few milliseconds early.
        attempt.Number("duration_ms").ShouldBeGreaterThanOrEqualTo(950);
        attempt.Text("error").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Endpoint_that_trickles_its_body_times_out_although_headers_came() =>
        (await FirstAttemptAsync(shared.Receiver.NewEndpoint().Replies(Reply.Trickle).Url, timeoutMs: 1_000)).Text("outcome").ShouldBe("timeout");

    [Fact]
    public async Task Endpoint_that_nobody_listens_at_refuses_the_connection()
    {
        var attempt = await FirstAttemptAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}/hook"));

        attempt.Text("outcome").ShouldBe("connection_refused");
        attempt.IsNull("status_code").ShouldBeTrue();
        attempt.IsNull("response_body").ShouldBeTrue();
    }

    [Fact]
    public async Task Endpoint_that_closes_the_connection_resets_it() =>
        (await FirstAttemptAsync(shared.Receiver.NewEndpoint().Replies(Reply.Abort).Url))
            .Text("outcome").ShouldBe("connection_reset");

    [Fact]
    public async Task Endpoint_that_speaks_no_tls_fails_as_tls()
    {
        var plain = shared.Receiver.NewEndpoint().Url;

        (await FirstAttemptAsync(new UriBuilder(plain) { Scheme = "https" }.Uri)).Text("outcome").ShouldBe("tls_failure");
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    [InlineData(1_000_000, true)]
    public async Task Response_body_is_kept_up_to_4_KiB(int length, bool truncated)
    {
        var body = Encoding.ASCII.GetBytes(new string('x', length));
        var endpoint = shared.Receiver.NewEndpoint().Replies(new Reply { StatusCode = 500, Body = body });

        var attempt = await FirstAttemptAsync(endpoint.Url);

        attempt.Text("outcome").ShouldBe("http_status");
        attempt.Text("response_body").ShouldBe(new string('x', Math.Min(length, 4096)));
        attempt.GetProperty("response_truncated").GetBoolean().ShouldBe(truncated);
    }

    [Fact]
    public async Task Long_body_of_a_success_is_a_success()
    {
        var body = Encoding.ASCII.GetBytes(new string('x', 100_000));
        var attempt = await FirstAttemptAsync(shared.Receiver.NewEndpoint().Replies(new Reply { Body = body }).Url);

        attempt.Text("outcome").ShouldBe("delivered");
        attempt.GetProperty("response_truncated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Response_body_that_is_not_utf8_can_be_read_back()
    {
        byte[] body = [0xff, 0x00, (byte)'a', 0xc3];
        var attempt = await FirstAttemptAsync(
            shared.Receiver.NewEndpoint().Replies(new Reply { StatusCode = 500, Body = body }).Url);

        attempt.Text("response_body").ShouldContain("a");
    }

    private async Task<JsonElement> FirstAttemptAsync(Uri url, int? timeoutMs = null)
    {
        var tenant = await shared.NewTenantAsync();
        var created = await tenant.Api.PostAsync(
            "/api/v1/subscribers", new { url, events = new[] { "*" }, timeout_ms = timeoutMs, retry_schedule = OneAttempt });
        var subscriberId = created.Data(201).Text("id");
        var posted = await tenant.PostAsync("order.paid");
        var deliveryId = await tenant.DeliveryIdAsync(posted.Id, subscriberId);
        var delivery = await tenant.DeliveryAsync(
            deliveryId, delivery => !delivery.IsNull("finished_at"), "to be finished");
        var attempt = delivery.Attempts().ShouldHaveSingleItem();
        if (attempt.Text("outcome") != "delivered")
        {
            delivery.Text("status").ShouldBe("dead_letter");
            delivery.GetProperty("last_error").Text("code").ShouldBe(attempt.Text("outcome"));
        }

        return attempt;
    }
}
