using System.Globalization;
using System.Text;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>
/// The ceiling of a drain: a loop that signs and sends and records nothing. It stays up between rounds, like the
/// server, so that its code and its connections are as warm.
/// </summary>
internal static class BareSender
{
    public const string Role = "bare-sender";

    /// <summary>Followed by how many to send; answers when the last has been answered.</summary>
    public const string SendPath = "/send/";

    public static async Task RunAsync(Uri receiver, int inFlight, CancellationToken cancellationToken)
    {
        using var invoker = SignedSender.CreateInvoker();
        var target = new Uri(receiver, ReceiverHost.HookPath);
        await BareHost.RunAsync(
            context =>
            {
                var sends = int.Parse(context.Request.Path.Value.AsSpan(SendPath.Length), CultureInfo.InvariantCulture);
                return SendAllAsync(invoker, target, sends, inFlight, context.RequestAborted);
            },
            cancellationToken);
    }

    private static async Task SendAllAsync(
        HttpMessageInvoker invoker,
        Uri target,
        int sends,
        int inFlight,
        CancellationToken cancellationToken)
    {
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
