using System.Text;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>The ceiling of a drain: a loop that signs and sends and records nothing.</summary>
internal static class BareSender
{
    public const string Role = "bare-sender";

    public static async Task RunAsync(
        Uri receiver,
        int sends,
        int warmupSends,
        int inFlight,
        CancellationToken cancellationToken)
    {
        using var invoker = SignedSender.CreateInvoker();
        using var counts = new ReceiverClient(receiver);
        await SendAllAsync(invoker, receiver, warmupSends, inFlight, cancellationToken);
        await counts.ResetAsync(cancellationToken);
        await SendAllAsync(invoker, receiver, sends, inFlight, cancellationToken);
    }

    private static async Task SendAllAsync(
        HttpMessageInvoker invoker,
        Uri receiver,
        int sends,
        int inFlight,
        CancellationToken cancellationToken)
    {
        var target = new Uri(receiver, ReceiverHost.HookPath);
        var payload = Encoding.UTF8.GetBytes(SampleEvent.Payload);
        var taken = 0;

        async Task LoopAsync()
        {
            using var sender = new SignedSender(invoker, target);
            while (Interlocked.Increment(ref taken) <= sends)
            {
                await sender.SendAsync(
                    BareIds.NextEventId(),
                    SampleEvent.Type,
                    payload,
                    TimeProvider.System.GetUtcNow(),
                    cancellationToken);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => LoopAsync()));
    }
}
