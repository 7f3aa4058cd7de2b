namespace Hookstream.Server.Commands.Listen;

/// <summary>Leaves the signals to the command: the host's own lifetime would swallow a second Ctrl-C.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
