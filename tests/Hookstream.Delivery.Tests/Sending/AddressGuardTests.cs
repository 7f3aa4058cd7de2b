using System.Net;
using Hookstream.Core.Addresses;
using Hookstream.Core.Retries;
using Hookstream.Delivery.Challenges;
using Hookstream.Delivery.Tests.Hostile;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Sending;

/// <summary>
/// What names lead to, with a resolver of the test's own. Of loopback, 127.0.0.1 is open in these tests, where a receiver counts
/// the connections to it; everything else is as by default.
/// </summary>
public sealed class AddressGuardTests
{
    private const string Message =
        "the URL's host is, or resolves to, an address that this deployment does not deliver to (HOOKSTREAM_ALLOWED_NETWORKS)";

    private static readonly DestinationRules Strict = new() { Addresses = new AddressGuard(AddressRange.Parse("127.0.0.1/32")) };

    /// <summary>Answers with something in them that may not be reached, beside the receiver and without it.</summary>
    public static TheoryData<string> ForbiddenAnswers =>
    [
        "127.0.0.2", "127.0.0.1 127.0.0.2", "127.0.0.2 127.0.0.1", "127.0.0.1 10.0.0.1", "127.0.0.1 172.16.0.1", "127.0.0.1 192.168.1.1",
        "127.0.0.1 169.254.169.254", "169.254.169.254 127.0.0.1", "127.0.0.1 100.64.0.1", "127.0.0.1 0.0.0.0", "0.0.0.0",
        "127.0.0.1 255.255.255.255", "127.0.0.1 224.0.0.1", "127.0.0.1 168.63.129.16", "127.0.0.1 192.0.0.192", "127.0.0.1 198.18.0.1",
        "127.0.0.1 203.0.113.7", "127.0.0.1 ::1", "::1 127.0.0.1", "::1", "::", "127.0.0.1 ::", "::ffff:127.0.0.1",
        "127.0.0.1 ::ffff:127.0.0.1", "127.0.0.1 ::127.0.0.1", "127.0.0.1 ::ffff:169.254.169.254", "127.0.0.1 64:ff9b::7f00:1",
        "127.0.0.1 64:ff9b:1::1", "127.0.0.1 2002:7f00:1::", "127.0.0.1 2001:0:4136:e378:8000:63bf:80ff:fffe", "127.0.0.1 fd00:ec2::254",
        "127.0.0.1 fe80::1", "127.0.0.1 fe80::1%1", "127.0.0.1 fec0::1", "127.0.0.1 ff02::1", "127.0.0.1 2001:db8::1",
        "127.0.0.1 2a00:1450::5efe:7f00:1", "127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 10.0.0.1",
        "1.1.1.1 10.0.0.1", "2606:4700:4700::1111 fd00::1", "8.8.8.8 127.0.0.53",
    ];

    public static TheoryData<string> ForbiddenLiterals =>
    [
        "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "169.254.169.254", "2130706434", "0x7f.2", "127.0.0.2.", "0177.0.0.2",
        "１２７.０.０.２", "localhost:1@127.0.0.2", "[fd00:ec2::254]", "127.0.0.256",
    ];

    [Theory]
    [MemberData(nameof(ForbiddenAnswers))]
    public async Task Name_with_a_forbidden_address_in_its_answer_is_refused_whole(string answer)
    {
        await using var receiver = new CountingListener();
        var resolver = new FakeResolver(answer);
        await using var host = new WorkerHost(WorkerHost.Options with { Destinations = Strict }, resolver: resolver);

        var settlement = await SendAsync(host, $"http://rebound.example:{receiver.Port}/hook");

        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.BlockedAddress);
        settlement.Attempt.Error.ShouldBe(Message);
        settlement.Attempt.StatusCode.ShouldBeNull();
        settlement.Error.ShouldBe(new DeliveryError("blocked_address", Message));
        settlement.Disposition.ShouldBe(Disposition.Retry);
        receiver.Connections.ShouldBe(0);
        resolver.Asked.ShouldBe(["rebound.example"]);
    }

    [Theory]
    [MemberData(nameof(ForbiddenLiterals))]
    public async Task Literal_that_was_registered_before_is_refused_when_it_is_sent_to(string literal)
    {
        var resolver = new FakeResolver("127.0.0.1");
        await using var receiver = new CountingListener();
        await using var host = new WorkerHost(WorkerHost.Options with { Destinations = Strict }, resolver: resolver);
        var settlement = await SendAsync(host, $"http://{literal}:{receiver.Port}/hook");
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.BlockedAddress);
        receiver.Connections.ShouldBe(0);
        resolver.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Name_that_changes_its_answer_between_two_look_ups_is_asked_once()
    {
        await using var receiver = new CountingListener();
        var resolver = new FakeResolver("127.0.0.1", "127.0.0.2");
        await using var host = new WorkerHost(WorkerHost.Options with { Destinations = Strict }, resolver: resolver);

        // The second listener is where the second answer leads.
        await using var inside = new CountingListener(IPAddress.Parse("127.0.0.2"), receiver.Port);
        var settlement = await SendAsync(host, $"http://rebound.example:{receiver.Port}/hook");

        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.Delivered);
        resolver.Asked.Count.ShouldBe(1);
        receiver.Connections.ShouldBe(1);
        inside.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.1")]
    [InlineData("127.0.0.1 127.0.0.2", "127.0.0.1")]
    [InlineData("unknown", "127.0.0.1")]
    public async Task Each_retry_is_vetted_anew(string first, string second)
    {
        await using var receiver = new CountingListener();
        var resolver = new FakeResolver(first, second, "169.254.169.254");
        await using var host = new WorkerHost(WorkerHost.Options with { Destinations = Strict }, resolver: resolver);
        var endpoint = Sample.Endpoint(new Uri($"http://rebound.example:{receiver.Port}/hook"));
        await host.StartAsync();
        AttemptOutcome[] expected =
            [first == "unknown" ? AttemptOutcome.DnsFailure : AttemptOutcome.BlockedAddress, AttemptOutcome.Delivered];
        for (var sent = 0; sent < expected.Length; sent++)
        {
            host.Deliveries.Add(Sample.Work(endpoint));
            (await host.SettledAsync(sent + 1))[sent].Attempt!.Outcome.ShouldBe(expected[sent]);
        }

        receiver.Connections.ShouldBe(1);
        resolver.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Connection_that_is_used_again_needs_no_look_up()
    {
        await using var receiver = new CountingListener();
        var resolver = new FakeResolver("127.0.0.1", "10.0.0.1");
        await using var host = new WorkerHost(WorkerHost.Options with { Destinations = Strict }, resolver: resolver);
        var endpoint = Sample.Endpoint(new Uri($"http://steady.example:{receiver.Port}/hook"));
        await host.StartAsync();
        for (var sent = 1; sent <= 20; sent++)
        {
            host.Deliveries.Add(Sample.Work(endpoint));
            (await host.SettledAsync(sent))[^1].Attempt!.Outcome.ShouldBe(AttemptOutcome.Delivered);
        }

        resolver.Asked.Count.ShouldBe(1);
        receiver.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Vetted_address_is_connected_to_and_the_name_is_what_is_said_there()
    {
        var asked = new TaskCompletionSource<string?>();
        await using var receiver = new HostileReceiver(async connection =>
        {
            await connection.HandshakeAsync(TestCertificates.Good);
            asked.TrySetResult(connection.ServerName);
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        await using var host = new WorkerHost(
            WorkerHost.Options with { Destinations = Strict, Trust = TestCertificates.Trust }, resolver: new FakeResolver("127.0.0.1"));

        var settlement = await SendAsync(host, $"https://{TestCertificates.Host}:{receiver.Port}/hook");

        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.Delivered, settlement.Attempt.Error);
        (await asked.Task).ShouldBe(TestCertificates.Host);
        receiver.Requests.Single().ShouldContain($"\r\nHost: {TestCertificates.Host}:{receiver.Port}\r\n");
    }

    [Fact]
    public async Task Next_address_is_tried_where_one_does_not_answer()
    {
        await using var receiver = new CountingListener();
        var guard = new AddressGuard(AddressRange.Parse("127.0.0.0/8"));
        // Nothing listens at the first two.
        var resolver = new FakeResolver("127.0.0.3 127.0.0.2 127.0.0.1");
        await using var host = new WorkerHost(
            WorkerHost.Options with { Destinations = new DestinationRules { Addresses = guard } }, resolver: resolver);
        var settlement = await SendAsync(host, $"http://many.example:{receiver.Port}/hook");
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.Delivered);
        resolver.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Next_address_is_tried_where_one_swallows_everything()
    {
        await using var receiver = new CountingListener();
        using var deaf = new DeafListener(IPAddress.Parse("127.0.0.2"), receiver.Port);
        var guard = new AddressGuard(AddressRange.Parse("127.0.0.0/8"));
        var resolver = new FakeResolver("127.0.0.2 127.0.0.1");
        await using var host = new WorkerHost(
            WorkerHost.Options with { Destinations = new DestinationRules { Addresses = guard } }, resolver: resolver);
        var settlement = await SendAsync(host, $"http://many.example:{receiver.Port}/hook");
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.Delivered);
        settlement.Attempt.Duration.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.8));
        receiver.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("")]
    public async Task Name_that_nobody_knows_is_a_dns_failure(string answer)
    {
        await using var host = new WorkerHost(resolver: new FakeResolver(answer));
        (await SendAsync(host, "http://nowhere.example/")).Attempt!.Outcome.ShouldBe(AttemptOutcome.DnsFailure);
    }

    [Theory]
    [InlineData("http", true, null, "this deployment delivers to https only (HOOKSTREAM_HTTPS_ONLY)")]
    [InlineData("http", false, 443, "this deployment does not deliver to the URL's port (HOOKSTREAM_ALLOWED_PORTS)")]
    [InlineData("https", true, 443, "this deployment does not deliver to the URL's port (HOOKSTREAM_ALLOWED_PORTS)")]
    public async Task Settings_made_stricter_since_the_registration_hold(string scheme, bool httpsOnly, int? port, string message)
    {
        await using var receiver = new CountingListener();
        var rules = Strict with { HttpsOnly = httpsOnly, AllowedPorts = port is { } one ? [one] : null };
        await using var host = new WorkerHost(WorkerHost.Options with { Destinations = rules });
        var settlement = await SendAsync(host, $"{scheme}://127.0.0.1:{receiver.Port}/hook");
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.BlockedAddress);
        settlement.Attempt.Error.ShouldBe(message);
        receiver.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Public_addresses_alone_are_the_default()
    {
        await using var receiver = new CountingListener();
        await using var host = new WorkerHost(new DeliveryOptions { Version = "1" }, resolver: new FakeResolver("127.0.0.1"));
        var settlement = await SendAsync(host, $"http://rebound.example:{receiver.Port}/hook");
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.BlockedAddress);
        receiver.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Blocked_attempts_spend_the_schedule()
    {
        await using var host = new WorkerHost(resolver: new FakeResolver("10.0.0.1"));
        var endpoint = Sample.Endpoint(
            new Uri("http://rebound.example/"),
            settings => settings with { RetrySchedule = RetrySchedule.TryCreate([TimeSpan.Zero], out var once) ? once : null });
        await host.StartAsync();
        host.Deliveries.Add(Sample.Work(endpoint));
        (await host.SettledAsync(1)).Single().Disposition.ShouldBe(Disposition.DeadLetter);
    }

    [Fact]
    public async Task Challenge_and_test_go_through_the_guard()
    {
        await using var receiver = new CountingListener();
        await using var host = new WorkerHost(
            WorkerHost.Options with { Destinations = Strict }, resolver: new FakeResolver("127.0.0.1 10.0.0.1"));
        var endpoint = Sample.Endpoint(new Uri($"http://rebound.example:{receiver.Port}/hook"));
        var cancellation = TestContext.Current.CancellationToken;

        var challenge = await host.Probe.ChallengeAsync(endpoint, cancellation);
        challenge.Verified.ShouldBeFalse();
        challenge.Problem.ShouldBe(Message);
        (await host.Probe.TestAsync(endpoint, cancellation)).Outcome.ShouldBe(AttemptOutcome.BlockedAddress);
        await host.StartAsync<ChallengeWorker>();
        host.Subscribers.AddDue(new DueChallenge(endpoint, 0, TimeProvider.System.GetUtcNow()));
        await Eventually.HoldsAsync(() => host.Subscribers.RecordedCount() == 1, "the challenge in the background is recorded");
        host.Subscribers.Recorded.Single().ShouldBe((endpoint.Id, endpoint.Subscriber.Settings.Url, false, TimeSpan.FromSeconds(10)));
        receiver.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Proxy_is_given_no_forbidden_literal_and_may_itself_be_anywhere()
    {
        await using var proxy = new CountingListener();
        var resolver = new FakeResolver("10.0.0.1");
        await using var host = new WorkerHost(
            new DeliveryOptions { Version = "1", EgressProxy = new Uri($"http://127.0.0.1:{proxy.Port}") }, resolver: resolver);
        await host.StartAsync();
        foreach (var url in new[] { "http://169.254.169.254/", "https://10.0.0.1/", "http://localhost/", "http://0x7f.1/", "http://[::1]/" })
        {
            var attempt = await host.Probe.TestAsync(Sample.Endpoint(new Uri(url)), TestContext.Current.CancellationToken);
            attempt.Outcome.ShouldBe(AttemptOutcome.BlockedAddress, url);
        }

        proxy.Connections.ShouldBe(0);
        var named = await host.Probe.TestAsync(
            Sample.Endpoint(new Uri("http://named.example/")), TestContext.Current.CancellationToken);
        named.Outcome.ShouldBe(AttemptOutcome.Delivered);
        proxy.Connections.ShouldBe(1);
        resolver.Asked.ShouldBeEmpty();
    }

    private static async Task<Settlement> SendAsync(WorkerHost host, string url)
    {
        await host.StartAsync();
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(new Uri(url))));
        return (await host.SettledAsync(1)).Single();
    }
}
