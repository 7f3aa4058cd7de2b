using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Redis;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>Redis is gone for a while: events are taken all the same, and health tells which part is down.</summary>
public sealed class RedisAwayTests(PostgresSharedServer shared)
{
    [Fact]
    public async Task Events_are_taken_while_Redis_is_away_and_delivered_when_it_is_back_with_nothing_in_it()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var receiver = await Receiver.StartAsync();
        (string Name, string Value)[] settings = [.. await shared.NewSettingsAsync(), ("REDIS_URL", redis.Url)];
        await using var server = await ServerProcess.StartAsync(settings);
        await using var worker = new ServerProcess([.. settings.Where(setting => !setting.Name.EndsWith("TOKEN", StringComparison.Ordinal))]);
        worker.Launch("--role", "worker");
        await worker.WaitUntilReadyAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);
        var before = await tenant.PostAsync("order.paid");
        (await endpoint.WaitForAsync(1))[0].EventId.ShouldBe(before.Id);

        await redis.KillAsync();
        var meanwhile = await tenant.PostAsync("order.paid");

        await Eventually.TrueAsync(
            async () => (await StatusesAsync(server, "/health")) == (503, "ok", "unavailable"), () => "health to tell that the queue is down");
        (await StatusesAsync(server, "/health/ready")).ShouldBe((200, "ok", "unavailable"));
        // What a worker cannot do without its queue is all that it does.
        await Eventually.TrueAsync(
            async () => (await StatusesAsync(worker, "/health/ready")) == (503, "ok", "unavailable"), () => "the worker not to be ready");
        await redis.StartEmptyAsync();
        (await endpoint.WaitForAsync(2))[1].EventId.ShouldBe(meanwhile.Id);
        await Eventually.TrueAsync(
            async () => (await StatusesAsync(server, "/health")) == (200, "ok", "ok"), () => "health to tell that all is well");
        await worker.WaitUntilReadyAsync();
    }

    private static async Task<(int Code, string Store, string Queue)> StatusesAsync(ServerProcess server, string path)
    {
        var answer = await new ApiClient(server.Http, null).GetAsync(path);
        return (answer.Status, answer.Json.GetProperty("store").Text("status"), answer.Json.GetProperty("queue").Text("status"));
    }
}
