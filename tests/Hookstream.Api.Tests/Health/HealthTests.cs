using Hookstream.Api.Tests.Doubles;

namespace Hookstream.Api.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly ApiServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Health_tells_of_version_uptime_store_and_queue()
    {
        var answer = await _server.GetAsync("/health");

        answer.Status.ShouldBe(200);
        answer.Text.ShouldBe(
            """{"status":"ok","version":"1.2.3","uptime_seconds":90,"store":{"status":"ok","latency_ms":1.5},"queue":{"status":"ok","latency_ms":1.5}}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Store_that_is_away_makes_all_but_liveness_unavailable(bool throws)
    {
        _server.Maintenance.OnCheck = () => throws
            ? Task.FromException<StoreHealth>(new StoreUnavailableException("away"))
            : Task.FromResult(new StoreHealth(false, default));

        var health = await _server.GetAsync("/health");
        health.Status.ShouldBe(503);
        health.Json.GetProperty("store").GetProperty("status").GetString().ShouldBe("unavailable");
        (await _server.GetAsync("/health/ready")).Status.ShouldBe(503);
        (await _server.GetAsync("/health/live")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Process_that_was_told_to_stop_lives_and_is_not_ready_any_more()
    {
        _server.BeginStop();

        foreach (var path in new[] { "/health", "/health/ready" })
        {
            var answer = await _server.GetAsync(path);
            answer.Status.ShouldBe(503);
            answer.Json.GetProperty("status").GetString().ShouldBe("stopping");
            answer.Json.GetProperty("store").GetProperty("status").GetString().ShouldBe("ok");
        }

        (await _server.GetAsync("/health/live")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Outage_of_the_store_is_said_once_however_often_it_is_asked_and_again_when_it_comes_back()
    {
        int Said() => _server.Logs.Entries.Count(entry => entry.Id.Number == 202);
        var works = _server.Maintenance.OnCheck;
        var fails = () => Task.FromException<StoreHealth>(new StoreUnavailableException("away"));
        _server.Maintenance.OnCheck = fails;
        for (var i = 0; i < 3; i++)
            (await _server.GetAsync("/health")).Status.ShouldBe(503);
        Said().ShouldBe(1);

        _server.Maintenance.OnCheck = works;
        (await _server.GetAsync("/health")).Status.ShouldBe(200);
        _server.Maintenance.OnCheck = fails;
        (await _server.GetAsync("/health")).Status.ShouldBe(503);

        Said().ShouldBe(2);
    }

    [Fact]
    public async Task Store_that_hangs_is_given_up_on()
    {
        var never = new TaskCompletionSource<StoreHealth>();
        var asked = new TaskCompletionSource();
        _server.Maintenance.OnCheck = () =>
        {
            asked.SetResult();
            return never.Task;
        };

        var answer = _server.GetAsync("/health");
        await asked.Task;
        _server.Clock.Advance(TimeSpan.FromSeconds(3));

        (await answer).Status.ShouldBe(503);
    }

    [Fact]
    public async Task Queue_apart_from_the_store_is_told_apart_from_it()
    {
        var queue = new QueueHealth();
        await using var server = new ApiServer(options => options, queue);
        await server.InitializeAsync();

        var answer = await server.GetAsync("/health");

        answer.Status.ShouldBe(200);
        answer.Json.GetProperty("store").GetProperty("latency_ms").GetDouble().ShouldBe(1.5);
        answer.Json.GetProperty("queue").GetProperty("latency_ms").GetDouble().ShouldBe(0.5);
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 503)]
    public async Task Api_is_ready_while_only_the_queue_is_away_and_a_worker_is_not(bool needsQueue, int ready)
    {
        var queue = new QueueHealth { OnCheck = () => Task.FromException<StoreHealth>(new StoreUnavailableException("away")) };
        await using var server = new ApiServer(options => options with { NeedsQueue = needsQueue }, queue);
        await server.InitializeAsync();

        var health = await server.GetAsync("/health");

        health.Status.ShouldBe(503);
        health.Json.GetProperty("store").GetProperty("status").GetString().ShouldBe("ok");
        health.Json.GetProperty("queue").GetProperty("status").GetString().ShouldBe("unavailable");
        (await server.GetAsync("/health/ready")).Status.ShouldBe(ready);
    }
}
