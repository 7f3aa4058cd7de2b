using System.Security.Cryptography;
using System.Threading.Channels;
using Hookstream.Client.Webhooks;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Listen;

/// <summary>One run of `listen`: receiver up, subscriber registered, deliveries printed, and all of it undone at the end.</summary>
internal sealed class ListenSession(
    ListenOptions options, ListenRegistration? registration, CommandOutput output, TimeProvider timeProvider)
{
    // What arrives while the terminal is slow waits here; beyond that, senders wait for their answer.
    private const int MostUnprinted = 1_000;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var signals = new TerminationSignals(cancellationToken);
        var secret = options.Register ? NewSecret() : options.Secret;
        var path = options.Register ? $"/listen/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}" : null;
        var received = Channel.CreateBounded<ReceivedRequest>(MostUnprinted);
        var verifier = secret is null ? null : new WebhookVerifier(secret, timeProvider: timeProvider);
        var receiver = new ListenReceiver(options, path, verifier, received.Writer, timeProvider);
        await using (receiver.ConfigureAwait(false))
        {
            await receiver.StartAsync(signals.Token).ConfigureAwait(false);
            var printer = new ListenPrinter(output);
            if (registration is null)
                return await ReceiveAsync(receiver, printer, received.Reader, signals.Token).ConfigureAwait(false);

            try
            {
                await registration.CreateAsync($"{receiver.Address}{path}", options.Events, secret!, timeProvider, signals.Token)
                    .ConfigureAwait(false);
                await ReceiveAsync(receiver, printer, received.Reader, signals.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
            {
                // Asked to stop while still waiting for the server: nothing failed.
            }
            finally
            {
                await registration.DeleteAsync().ConfigureAwait(false);
            }

            return registration.Registered ? CommandLine.Failure : CommandLine.Success;
        }
    }

    private async Task<int> ReceiveAsync(
        ListenReceiver receiver, ListenPrinter printer, ChannelReader<ReceivedRequest> received, CancellationToken cancellationToken)
    {
        await printer.StartedAsync(receiver.Address, registration?.SubscriberId, options).ConfigureAwait(false);
        try
        {
            await foreach (var request in received.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                printer.Print(request);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            while (received.TryRead(out var rest))
                printer.Print(rest);
        }

        await printer.StoppedAsync().ConfigureAwait(false);
        return CommandLine.Success;
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
