using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Tests.Sending;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>What the greatest answers cost in memory. Alone, because the runtime counts for the whole process.</summary>
[Collection(nameof(HostileMemoryTests))]
[CollectionDefinition(nameof(HostileMemoryTests), DisableParallelization = true)]
public sealed class HostileMemoryTests
{
    private const int Requests = 10;

    // Of one request, what the receiver allocates in the same process included.
    private const long MaxAllocated = 2 << 20;

    [Theory]
    [InlineData("body without end, chunked")]
    [InlineData("body without end, in chunks of a byte")]
    [InlineData("body without end, until the connection closes")]
    [InlineData("100 MB with a length")]
    [InlineData("100 MB in one chunk")]
    [InlineData("encrypted body without end")]
    [InlineData("gzip bomb")]
    [InlineData("gzip bomb, chunked")]
    [InlineData("chunk's extension of megabytes")]
    [InlineData("trailer without end")]
    [InlineData("header of megabytes")]
    [InlineData("headers without end")]
    [InlineData("status line without end")]
    [InlineData("100 without end")]
    [InlineData("103 without end")]
    [InlineData("another protocol that talks without end")]
    [InlineData("noise without end to a TLS handshake")]
    public async Task Answer_without_end_costs_a_bounded_amount_of_memory(string name)
    {
        var hostile = HostileReceiverTests.Cases[name];
        await using var receiver = new HostileReceiver(hostile.Script);
        await using var host = new WorkerHost(
            WorkerHost.Options with { Trust = TestCertificates.Trust }, resolver: new FakeResolver("127.0.0.1"));
        var message = WebhookMessage.Of(Sample.Work(Sample.Endpoint(new Uri($"{hostile.Origin}:{receiver.Port}/hook"))));
        var sender = host.Get<WebhookSender>();
        var cancellation = TestContext.Current.CancellationToken;
        await sender.SendAsync(message, Attempt.MaxResponseBody, cancellation);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var sent = 0; sent < Requests; sent++)
            (await sender.SendAsync(message, Attempt.MaxResponseBody, cancellation)).Attempt.Outcome.ShouldBe(hostile.Outcome);
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests;

        allocated.ShouldBeLessThan(MaxAllocated);
    }
}
