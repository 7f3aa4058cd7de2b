using System.Globalization;
using System.Net;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Crashes;

/// <summary>The disk is full, and then it is not: what the API says meanwhile, and that nothing else is needed.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Full_disk_is_answered_with_503_and_everything_goes_on_when_there_is_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "prlimit, which takes the space away, is Linux's");
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var subscription = await tenant.SubscribeAsync(receiver.NewEndpoint());
        var before = await tenant.PostAsync("order.paid");
        await subscription.Endpoint.WaitForAsync(1);
        await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(before.Id, subscription.Id), "delivered");
        var mark = server.Log.Mark;

        await server.LimitFilesAsync(new FileInfo(Path.Combine(server.DataDirectory, "hookstream.db-wal")).Length);
        for (var i = 0; i < 300; i++)
        {
            var refused = await tenant.Api.PostAsync("/api/v1/events", """{"type":"order.paid","payload":{}}""");
            refused.ShouldBeProblem(503, "unavailable");
            int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        }

        (await tenant.Api.PostAsync("/api/v1/subscribers", """{"url":"http://127.0.0.1:9/","events":["*"]}"""))
            .ShouldBeProblem(503, "unavailable");
        (await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(before.Id, subscription.Id)))
            .Text("status").ShouldBe("delivered", "what is there can be read");
        (await StatusOfAsync(server, "/health")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusOfAsync(server, "/health/live")).ShouldBe(HttpStatusCode.OK);
        server.Log.Since(mark).Count.ShouldBeLessThan(10, string.Join('\n', server.Log.Since(mark)));

        await server.LimitFilesAsync(null);

        (await StatusOfAsync(server, "/health")).ShouldBe(HttpStatusCode.OK, "it finds out by itself");
        var after = await tenant.PostAsync("order.paid");
        (await subscription.Endpoint.WaitForAsync(2))[1].EventId.ShouldBe(after.Id, "what was refused was not stored");
        (await server.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Outcome_of_a_send_that_finds_the_disk_full_is_recorded_when_there_is_space_and_not_sent_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "prlimit, which takes the space away, is Linux's");
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var full = new TaskCompletionSource();
        var endpoint = receiver.NewEndpoint().Replies(Reply.Ok with { Gate = full.Task }, Reply.Ok);
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var sent = (await endpoint.WaitForAsync(1))[0];

        await server.LimitFilesAsync(new FileInfo(Path.Combine(server.DataDirectory, "hookstream.db-wal")).Length);
        full.SetResult();
        await server.Log.WaitForAsync("The store does not take outcomes");
        (await tenant.DeliveryAsync(sent.DeliveryId)).Text("status").ShouldBe("pending");
        await server.LimitFilesAsync(null);

        (await tenant.DeliveryAsync(sent.DeliveryId, "delivered")).Number("attempt_count").ShouldBe(1);
        endpoint.Requests.Count.ShouldBe(1);
    }

    private static async Task<HttpStatusCode> StatusOfAsync(ServerProcess server, string path)
    {
        using var answer = await server.Http.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
