using System.Buffers;
using System.Threading.Channels;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>The floor of latency: answers 202, signs and sends on at once, out of memory, stored nowhere.</summary>
internal static class BareRelay
{
    public const string Role = "bare-relay";

    private const int Capacity = 10_000;

    public static async Task RunAsync(Uri receiver, int inFlight, CancellationToken cancellationToken)
    {
        var accepted = Channel.CreateBounded<AcceptedEvent>(Capacity);
        using var invoker = SignedSender.CreateInvoker();
        var target = new Uri(receiver, ReceiverHost.HookPath);
        var senders = Enumerable
            .Range(0, inFlight)
            .Select(_ => SendAsync(accepted.Reader, invoker, target, cancellationToken))
            .ToArray();

        await BareHost.RunAsync(context => BareKestrel.AnswerAsync(context, Accept), cancellationToken);
        accepted.Writer.Complete();
        await Task.WhenAll(senders);

        string Accept(PostedEvent posted)
        {
            var accept = new AcceptedEvent(BareIds.NextEventId(), posted.Type, posted.Payload.ToArray());
            return accepted.Writer.TryWrite(accept)
                ? accept.Id
                : throw new BenchmarkException($"more than {Capacity} events wait in the relay");
        }
    }

    private static async Task SendAsync(
        ChannelReader<AcceptedEvent> accepted,
        HttpMessageInvoker invoker,
        Uri target,
        CancellationToken cancellationToken)
    {
        using var sender = new SignedSender(invoker, target);
        await foreach (var next in accepted.ReadAllAsync(cancellationToken))
            await sender.SendAsync(
                next.Id,
                next.Type,
                next.Payload,
                TimeProvider.System.GetUtcNow(),
                cancellationToken);
    }
}
