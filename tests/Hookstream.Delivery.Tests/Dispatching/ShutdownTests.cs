using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Send_that_ends_inside_the_deadline_is_settled_and_nothing_more_is_claimed()
    {
        var answer = new TaskCompletionSource();
        await using var receiver = await WebReceiver.StartAsync((_, _) => answer.Task);
        await using var host = new WorkerHost();
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await Eventually.HoldsAsync(() => receiver.InFlight == 1, "the send is in flight");

        var stopping = host.StopAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => host.Log.Count(309) == 1, "the worker is stopping");
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        answer.SetResult();
        await stopping;

        host.Deliveries.SettledSoFar().Single().Disposition.ShouldBe(Disposition.Delivered);
        host.Deliveries.LeasedCount.ShouldBe(0);
        host.Deliveries.DueCount.ShouldBe(1);
        receiver.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_beyond_the_deadline_is_recorded_as_interrupted_and_released()
    {
        var answer = new TaskCompletionSource();
        await using var receiver = await WebReceiver.StartAsync((_, _) => answer.Task);
        await using var host = new WorkerHost(
            WorkerHost.Options with { ShutdownDeadline = TimeSpan.FromMilliseconds(200) });
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await Eventually.HoldsAsync(() => receiver.InFlight == 1, "the send is in flight");
        await host.StopAsync(TestContext.Current.CancellationToken);
        answer.SetResult();

        var settlement = host.Deliveries.SettledSoFar().Single();
        settlement.Disposition.ShouldBe(Disposition.Release);
        settlement.Attempt!.Outcome.ShouldBe(AttemptOutcome.Interrupted);
    }

    [Fact]
    public async Task Host_that_cannot_wait_is_let_go_while_the_store_is_away()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        host.Deliveries.SettleFails = _ => new StoreUnavailableException("away");
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await Eventually.HoldsAsync(() => host.Deliveries.SettleCalls > 0, "settling is tried");
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await host.StopAsync(hurry.Token);
        host.Log.Count(311).ShouldBe(1);
    }

    [Fact]
    public async Task Idle_worker_stops_at_once()
    {
        await using var host = new WorkerHost();
        await host.StartAsync();
        await Eventually.HoldsAsync(() => host.Deliveries.Claims > 0, "the worker claims");
        await host.StopAsync(TestContext.Current.CancellationToken).WaitAsync(
            Eventually.Limit, TestContext.Current.CancellationToken);
    }
}
