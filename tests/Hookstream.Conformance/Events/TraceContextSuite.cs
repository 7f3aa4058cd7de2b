using Hookstream.Core.Tracing;

namespace Hookstream.Conformance.Events;

/// <summary>An event keeps the trace that it was posted in, for each of its attempts.</summary>
public abstract class TraceContextSuite : StoreSuite
{
    private static readonly TraceContext Trace = new(
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE");

    [Theory]
    [InlineData(null)]
    [InlineData("a-key")]
    public async Task Trace_of_an_event_is_there_for_its_first_attempt_and_its_retries(string? key)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await Store.Events.AppendAsync(NewEventOf(tenant, key: key) with { Trace = Trace }, Cancellation);

        var first = await ClaimOneAsync();
        (await LoadOneAsync(first)).Trace.ShouldBe(Trace);
        await SettleAsync(RetryOf(first, TimeSpan.FromSeconds(30)));
        await Store.ReopenAsync();
        Time.Advance(TimeSpan.FromSeconds(30));

        (await LoadOneAsync(await ClaimOneAsync())).Trace.ShouldBe(Trace);
    }

    [Fact]
    public async Task Traces_of_a_batch_stay_with_their_events()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        TraceContext?[] traces = [Trace, null, Trace with { State = null }, null, Trace with { State = "a=1" }];
        var results = await Store.Events.AppendAsync(
            [.. traces.Select((trace, i) => NewEventOf(tenant, key: i % 2 == 0 ? $"key {i}" : null) with { Trace = trace })], Cancellation);

        var works = await Store.Deliveries.LoadAsync(await ClaimAsync(), Cancellation);

        works.ToDictionary(work => work.Event, work => work.Trace)
            .ShouldBe(results.Select((result, i) => KeyValuePair.Create(result.Id, traces[i])), ignoreOrder: true);
    }

    [Fact]
    public async Task Replay_goes_on_with_the_trace_of_the_event()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var appended = await Store.Events.AppendAsync(NewEventOf(tenant) with { Trace = Trace }, Cancellation);
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        await Store.Events.ReplayAsync(tenant, appended.Id, null, Cancellation);

        (await LoadOneAsync(await ClaimOneAsync())).Trace.ShouldBe(Trace);
    }
}
