using System.Diagnostics;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class AttemptTraceTests : IDisposable
{
    private const string First = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private const string Second = "00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b8-01";

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == Traces.SourceName,
        // Not what other tests send meanwhile.
        Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
            First.Contains(options.TraceId.ToHexString(), StringComparison.Ordinal)
            || Second.Contains(options.TraceId.ToHexString(), StringComparison.Ordinal)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
    };

    public AttemptTraceTests() => ActivitySource.AddActivityListener(_listener);

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Attempt_goes_on_with_the_trace_of_its_own_event()
    {
        (string Parent, string? State)[] sent = [(First, null), (First, null), (Second, "a=1"), (First, "a=1"), (First, "b=2"), (Second, null)];
        foreach (var (parent, state) in sent)
        {
            using var span = Start(new TraceContext(parent, state));

            span.ParentId.ShouldBe(parent);
            span.TraceStateString.ShouldBe(state);
            span.Id!.ShouldStartWith(parent[..36]);
        }
    }

    [Fact]
    public void Attempt_names_its_ids_as_the_request_does()
    {
        var work = Sample.Work(Sample.Endpoint(new Uri("https://hooks.example:8443/hook")));
        using var span = Start(new TraceContext(First, null), work);

        span.GetTagItem(SpanAttributes.Tenant).ShouldBe(work.Lease.Tenant.ToString());
        span.GetTagItem(SpanAttributes.Event).ShouldBe(work.Event.ToString());
        span.GetTagItem(SpanAttributes.Delivery).ShouldBe(work.Lease.Delivery.ToString());
        span.GetTagItem(SpanAttributes.Endpoint).ShouldBe(work.Lease.Subscriber.ToString());
        span.GetTagItem(SpanAttributes.Attempt).ShouldBe(1);
    }

    [Fact]
    public void Attempt_is_carried_along_by_nothing_that_it_calls()
    {
        using var span = Start(new TraceContext(First, null));

        Activity.Current.ShouldBeNull();
    }

    private static Activity Start(TraceContext trace, DeliveryWork? work = null)
    {
        work = (work ?? Sample.Work(Sample.Endpoint(new Uri("http://localhost/")))) with { Trace = trace };
        return AttemptTrace.Start(WebhookMessage.Of(work), new EndpointLane(work.Lease.Subscriber, work.Lease.Tenant)).ShouldNotBeNull();
    }
}
