using System.Globalization;
using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.RealInput;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

/// <summary>Replacing a secret while events are sent: whoever follows the description fails no delivery.</summary>
public class SecretRotationTests(SharedServer shared)
{
    private static readonly string GivenSecret = "whsec_" + Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public async Task Grace_period_has_a_signature_of_each_secret_and_ends_on_request()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        var rotation = await RotateAsync(tenant, subscription, $$"""{"secret":"{{GivenSecret}}","grace_period_seconds":3600}""");

        rotation.Text("secret").ShouldBe(GivenSecret);
        Expiry(rotation).ShouldBe(TimeProvider.System.GetUtcNow().AddHours(1), TimeSpan.FromMinutes(1));
        (await tenant.SubscriberAsync(subscription.Id)).TryGetProperty("secret", out _).ShouldBeFalse();
        var during = await NextAsync(tenant, subscription);
        during.Header("X-Hookstream-Signature").ShouldBe(Signatures.Hookstream(subscription.Secret, during.Body));
        during.Header("X-Hookstream-Signature-Next").ShouldBe(Signatures.Hookstream(GivenSecret, during.Body));
        during.Header("webhook-signature").ShouldBe($"{StandardOf(GivenSecret, during)} {StandardOf(subscription.Secret, during)}");

        (await EndAsync(tenant, subscription)).ShouldHaveStatus(204);

        // Other nodes know within a second; this one has answered.
        var after = await NextAsync(tenant, subscription, request => !request.Headers.ContainsKey("X-Hookstream-Signature-Next"));
        after.ShouldBeSignedBy(GivenSecret);
        (await EndAsync(tenant, subscription)).ShouldHaveStatus(204);
    }

    [Fact]
    public async Task Grace_period_ends_by_itself()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        var rotation = await RotateAsync(tenant, subscription, """{"grace_period_seconds":1}""");

        var alone = await NextAsync(tenant, subscription, request => !request.Headers.ContainsKey("X-Hookstream-Signature-Next"));
        alone.ShouldBeSignedBy(rotation.Text("secret"));
        long.Parse(alone.Header("webhook-timestamp"), CultureInfo.InvariantCulture)
            .ShouldBeGreaterThanOrEqualTo(Expiry(rotation).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Rotation_without_grace_ends_the_old_secret_at_once()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        var rotation = await RotateAsync(tenant, subscription, """{"grace_period_seconds":0}""");

        rotation.IsNull("previous_secret_expires_at").ShouldBeTrue();
        var request = await NextAsync(tenant, subscription, request => request.IsSignedBy(rotation.Text("secret")));
        request.Headers.ShouldNotContainKey("X-Hookstream-Signature-Next");
    }

    [Fact]
    public async Task Without_a_body_a_secret_is_made_and_the_old_one_signs_for_a_day()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        var rotation = (await tenant.Api.PostAsync($"{One(subscription)}/rotate-secret")).Data();

        rotation.Text("secret").ShouldMatch("^whsec_[A-Za-z0-9+/]{43}=$");
        rotation.Text("secret").ShouldNotBe(subscription.Secret);
        Expiry(rotation).ShouldBe(TimeProvider.System.GetUtcNow().AddDays(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Receiver_with_the_one_secret_snippet_fails_nothing_from_the_rotation_until_it_is_switched()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var subscription = await tenant.SubscribeAsync(endpoint);
        var known = subscription.Secret;
        endpoint.Decides(request => request.PassesTheSnippet(Volatile.Read(ref known)) ? Reply.Ok : Reply.Status(401));
        await using var load = new Load(tenant);

        load.Start();
        await endpoint.WaitForAsync(20);
        var rotation = await RotateAsync(tenant, subscription, "{}");
        await endpoint.WaitForAsync(requests => requests.Count(HasNext) >= 100, "100 requests in the grace period");
        await load.StopAsync();
        await ShouldAllBeDeliveredAsync(endpoint, load.Posted);

        // As docs/receiving-webhooks.md has it: nothing goes out while the receiver and the grace period change.
        (await tenant.Api.PatchAsync($"{One(subscription)}/pause")).Data();
        load.Start();
        Volatile.Write(ref known, rotation.Text("secret"));
        (await EndAsync(tenant, subscription)).ShouldHaveStatus(204);
        await NextTestAsync(tenant, subscription, request => !HasNext(request));
        var tests = endpoint.Requests.Count(request => request.Header("X-Hookstream-Event") == "hookstream.test");
        (await tenant.Api.PatchAsync($"{One(subscription)}/resume")).Data();
        var before = endpoint.Requests.Count;
        await endpoint.WaitForAsync(before + 50);
        await load.StopAsync();

        await ShouldAllBeDeliveredAsync(endpoint, load.Posted, tests);
    }

    [Fact]
    public async Task Receiver_with_a_library_fails_nothing_at_whatever_moment_it_switches()
    {
        var tenant = await shared.NewTenantAsync();
        // Each switches after so many requests from the rotation on; the secret is known to it by then.
        int[] moments = [0, 1, 2, 5, 20, 50, 100];
        var receivers = new List<(Endpoint Endpoint, Subscription Subscription)>();
        var switched = 0;
        foreach (var moment in moments)
        {
            var endpoint = shared.Receiver.NewEndpoint();
            var subscription = await tenant.SubscribeAsync(endpoint);
            var (secret, left) = (subscription.Secret, moment);
            endpoint.Decides(request =>
            {
                if (HasNext(request) && secret != GivenSecret && left-- == 0)
                {
                    secret = GivenSecret;
                    Interlocked.Increment(ref switched);
                }

                return request.PassesALibrary(secret) ? Reply.Ok : Reply.Status(401);
            });
            receivers.Add((endpoint, subscription));
        }

        await using var load = new Load(tenant);
        load.Start();
        await receivers[0].Endpoint.WaitForAsync(10);
        foreach (var (_, subscription) in receivers)
            await RotateAsync(tenant, subscription, $$"""{"secret":"{{GivenSecret}}"}""");
        await Eventually.TrueAsync(
            () => Task.FromResult(Volatile.Read(ref switched) == moments.Length), () => $"all to switch; {switched} have");
        foreach (var (_, subscription) in receivers)
            (await EndAsync(tenant, subscription)).ShouldHaveStatus(204);
        foreach (var (endpoint, _) in receivers)
        {
            var before = endpoint.Requests.Count;
            await endpoint.WaitForAsync(requests => requests.Skip(before).Count(request => !HasNext(request)) >= 20, "20 after the end");
        }

        await load.StopAsync();
        foreach (var (endpoint, _) in receivers)
            await ShouldAllBeDeliveredAsync(endpoint, load.Posted);
    }

    [Fact]
    public async Task Libraries_take_either_secret_during_the_grace_period()
    {
        NodePackages.Require();
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        await RotateAsync(tenant, subscription, $$"""{"secret":"{{GivenSecret}}"}""");
        var request = await NextAsync(tenant, subscription, HasNext);

        // The snippet of the script looks at one header; a receiver that is switched early looks at the other one.
        var switched = request with
        {
            Headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase)
            {
                ["X-Hookstream-Signature"] = request.Header("X-Hookstream-Signature-Next"),
            },
        };

        (await NodePackages.VerifyAsync([request], subscription.Secret)).ShouldBe((0, "{\"verified\":1}\n"));
        (await NodePackages.VerifyAsync([switched], GivenSecret)).ShouldBe((0, "{\"verified\":1}\n"));
    }

    private static async Task ShouldAllBeDeliveredAsync(Endpoint endpoint, int posted, int others = 0)
    {
        await endpoint.WaitForAsync(posted + others);
        var requests = endpoint.Requests;
        requests.ShouldAllBe(request => request.Attempt == 1, "a second attempt follows a failed one only");
        requests.Count.ShouldBe(posted + others);
        requests.DistinctBy(request => request.EventId).Count().ShouldBe(posted + others);
    }

    private static async Task<JsonElement> RotateAsync(TenantApi tenant, Subscription subscription, string body) =>
        (await tenant.Api.PostAsync($"{One(subscription)}/rotate-secret", body)).Data();

    private static Task<ApiAnswer> EndAsync(TenantApi tenant, Subscription subscription) =>
        tenant.Api.DeleteAsync($"{One(subscription)}/previous-secret");

    /// <summary>Sends events until one arrives as expected: a change is known to every worker within a second.</summary>
    private static async Task<ReceivedRequest> NextAsync(
        TenantApi tenant, Subscription subscription, Func<ReceivedRequest, bool>? until = null)
    {
        ReceivedRequest? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var posted = await tenant.PostAsync("order.paid");
                var requests = await subscription.Endpoint.WaitForAsync(
                    requests => requests.Any(request => request.EventId == posted.Id), posted.Id);
                found = requests.First(request => request.EventId == posted.Id);
                return until?.Invoke(found) ?? true;
            },
            () => "a request as expected");
        return found!;
    }

    private static async Task NextTestAsync(TenantApi tenant, Subscription subscription, Func<ReceivedRequest, bool> until) =>
        await Eventually.TrueAsync(
            async () =>
            {
                (await tenant.Api.PostAsync($"{One(subscription)}/test")).Data();
                return until(subscription.Endpoint.Requests[^1]);
            },
            () => "a test as expected");

    private static string One(Subscription subscription) => $"/api/v1/subscribers/{subscription.Id}";

    private static bool HasNext(ReceivedRequest request) => request.Headers.ContainsKey("X-Hookstream-Signature-Next");

    private static DateTimeOffset Expiry(JsonElement rotation) =>
        DateTimeOffset.Parse(rotation.Text("previous_secret_expires_at"), CultureInfo.InvariantCulture);

    private static string StandardOf(string secret, ReceivedRequest request) =>
        Signatures.Standard(secret, request.Header("webhook-id"), request.Header("webhook-timestamp"), request.Body);

    /// <summary>Posts one event after the other until it is stopped.</summary>
    private sealed class Load(TenantApi tenant) : IAsyncDisposable
    {
        private Task _posting = Task.CompletedTask;
        private volatile bool _stopping;

        public int Posted { get; private set; }

        public void Start()
        {
            _stopping = false;
            _posting = PostAsync();
        }

        public async Task StopAsync()
        {
            _stopping = true;
            await _posting;
        }

        public async ValueTask DisposeAsync()
        {
            _stopping = true;
            await _posting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task PostAsync()
        {
            while (!_stopping)
            {
                await tenant.PostAsync("order.paid");
                Posted++;
            }
        }
    }
}
