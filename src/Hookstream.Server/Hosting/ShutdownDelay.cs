namespace Hookstream.Server.Hosting;

/// <summary>
/// Keeps everything going for a while after the process was told to stop, with readiness failing: load balancers notice before connections
/// are refused. Says in the log that the process was told to, which tells it from one that was killed.
/// </summary>
internal sealed class ShutdownDelay(
    TimeSpan delay, TimeSpan deadline, TimeProvider time, ILogger<ShutdownDelay> logger) : IHostedLifecycleService
{
    private bool _started;

    // Before anything else is stopped, the web server included.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Nobody has come to rely on what could not start.
        if (!_started)
            return;
        if (delay > TimeSpan.Zero)
        {
            Log.ShutdownDelayed(logger, delay.TotalSeconds);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Log.Stopping(logger, deadline.TotalSeconds);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
