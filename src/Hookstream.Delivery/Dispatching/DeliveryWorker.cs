using Hookstream.Delivery.Settling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>Runs the dispatcher, the settle queue and the lease renewal, and ends them in order.</summary>
internal sealed class DeliveryWorker(
    Dispatcher dispatcher,
    DeliverySend sender,
    ClaimLedger ledger,
    SettleQueue settling,
    LeaseRenewer renewer,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<DeliveryWorker> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private Task _dispatching = Task.CompletedTask;
    private Task _renewing = Task.CompletedTask;
    private Task _settling = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _settling = Task.Run(() => settling.RunAsync(_abandon.Token), CancellationToken.None);
        _renewing = Task.Run(() => renewer.RunAsync(_abandon.Token), CancellationToken.None);
        _dispatching = Task.Run(() => dispatcher.RunAsync(_stopping.Token, _abandon.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops claiming at once, lets sends end inside the deadline, cuts off the rest, and returns when everything is
    /// recorded or the host cannot wait any longer.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await using var giveUp = cancellationToken.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _abandon).ConfigureAwait(false);
        await _dispatching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await renewer.GiveBackAsync(TimeSpan.Zero, _abandon.Token).ConfigureAwait(false);

        await EndSendsAsync(cancellationToken).ConfigureAwait(false);
        settling.Complete();
        await _settling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_settling.IsCompletedSuccessfully)
            logger.OutcomesLost();

        await _abandon.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _abandon.Dispose();
    }

    private async Task EndSendsAsync(CancellationToken hurry)
    {
        var idle = ledger.WhenIdle();
        if (idle.IsCompleted)
            return;
        logger.Stopping(ledger.InFlight, options.ShutdownDeadline.TotalSeconds);
        await idle.WaitAsync(options.ShutdownDeadline, time, hurry)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (idle.IsCompleted)
            return;
        logger.CutOff(ledger.InFlight);
        sender.Interrupt();
        await idle.ConfigureAwait(false);
    }
}
