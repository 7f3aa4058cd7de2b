using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>
/// Tells the other nodes what this one has committed, after the commit and a few milliseconds' worth together, and hears what
/// they tell. Nothing depends on it but how soon something is noticed.
/// </summary>
internal sealed class NodeSignals(Sessions sessions, bool listen, ILogger logger) : INotifier, IAsyncDisposable
{
    private const string Channel = "hookstream";
    private const int MaxLanes = 200;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    private readonly string _self = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8];
    private readonly Lock _gate = new();
    private readonly Dictionary<(long No, int Class), long> _lanes = [];
    private readonly HashSet<long> _tenants = [];
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _telling = Task.CompletedTask;
    private Task _hearing = Task.CompletedTask;
    private bool _failing;

    public void CatalogChanged(long tenantNo)
    {
        lock (_gate)
            _tenants.Add(tenantNo);
        Wake();
    }

    public void LaneDue(long subscriberNo, int laneClass, long due)
    {
        lock (_gate)
        {
            if (_lanes.TryGetValue((subscriberNo, laneClass), out var known) && known <= due)
                return;
            _lanes[(subscriberNo, laneClass)] = due;
        }

        Wake();
    }

    /// <summary>Begins to tell and to hear.</summary>
    /// <param name="catalogChanged">Told of a tenant that another node has changed.</param>
    /// <param name="laneDue">Told of a lane in which another node has made something due, and when.</param>
    public void Start(Func<long, Task> catalogChanged, Action<long, int, long> laneDue)
    {
        if (!listen)
            return;
        _telling = Task.Run(TellAsync);
        _hearing = Task.Run(() => HearAsync(catalogChanged, laneDue));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_telling, _hearing);
        _stopping.Dispose();
        _arrived.Dispose();
    }

    private void Wake()
    {
        if (!listen)
            return;
        lock (_gate)
        {
            if (_arrived.CurrentCount == 0)
                _arrived.Release();
        }
    }

    private async Task TellAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _arrived.WaitAsync(_stopping.Token);
                await Task.Delay(Gathering, _stopping.Token);
                await using var connection = await sessions.General.OpenConnectionAsync(_stopping.Token);
                foreach (var message in TakeMessages())
                {
                    await connection.Command("select pg_notify($1, $2)").Bind(Channel).Bind(message).RunAsync(_stopping.Token);
                }
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                await PauseAsync(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private List<string> TakeMessages()
    {
        var messages = new List<string>();
        lock (_gate)
        {
            foreach (var tenant in _tenants)
                messages.Add(string.Create(CultureInfo.InvariantCulture, $"{_self} C{tenant}"));
            foreach (var chunk in _lanes.Chunk(MaxLanes))
            {
                var text = new StringBuilder(_self).Append(" L");
                foreach (var ((no, laneClass), due) in chunk)
                    text.Append(CultureInfo.InvariantCulture, $"{no}.{laneClass}.{due},");
                messages.Add(text.ToString());
            }

            _tenants.Clear();
            _lanes.Clear();
        }

        return messages;
    }

    private async Task HearAsync(Func<long, Task> catalogChanged, Action<long, int, long> laneDue)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await sessions.OpenListenerAsync(_stopping.Token);
                connection.Notification += (_, told) => Hear(told.Payload, catalogChanged, laneDue);
                await connection.Command($"listen {Channel}").RunAsync(_stopping.Token);
                if (_failing)
                    Log.NotificationsResumed(logger);
                _failing = false;
                while (true)
                    await connection.WaitAsync(_stopping.Token);
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                await PauseAsync(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Hear(string message, Func<long, Task> catalogChanged, Action<long, int, long> laneDue)
    {
        if (message.Split(' ', 2) is not [var sender, { Length: > 1 } told] || sender == _self)
            return;
        if (told[0] == 'C' && long.TryParse(told.AsSpan(1), CultureInfo.InvariantCulture, out var tenant))
        {
            // What cannot be read now is noticed when the catalogs are looked through.
            _ = Task.Run(() => catalogChanged(tenant).ContinueWith(static done => _ = done.Exception, TaskScheduler.Default));
        }

        if (told[0] != 'L')
            return;
        foreach (var lane in told[1..].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lane.Split('.') is [var no, var laneClass, var due]
                && long.TryParse(no, CultureInfo.InvariantCulture, out var number)
                && int.TryParse(laneClass, CultureInfo.InvariantCulture, out var which)
                && which is >= 0 and < LaneClass.Count
                && long.TryParse(due, CultureInfo.InvariantCulture, out var at))
                laneDue(number, which, at);
        }
    }

    private async Task PauseAsync(Exception exception)
    {
        // Said once per outage.
        if (!_failing)
            Log.NotificationsStalled(logger, exception);
        _failing = true;
        await Task.Delay(Backoff, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
