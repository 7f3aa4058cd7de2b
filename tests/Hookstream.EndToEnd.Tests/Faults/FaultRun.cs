using Npgsql;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>A stream of events over one fault: what flows before, when it happens, and the count afterwards.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const string Ended = "select count(*) from deliveries";

    // Above this between 202 and arrival, a delivery counts as held up by the fault.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    // Below what makes a worker give an endpoint fewer slots.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly FaultCluster _cluster;
    private readonly EventStream _stream;
    private readonly int[] _logMarks;
    private readonly long _deliveriesBefore;
    private long _fault;
    private TimeSpan? _settled;

    private FaultRun(FaultCluster cluster, EventStream stream, long deliveriesBefore)
    {
        _cluster = cluster;
        _stream = stream;
        _deliveriesBefore = deliveriesBefore;
        _logMarks = [.. cluster.Processes.Select(process => process.Log.Mark)];
    }

    public EventStream Stream => _stream;

    /// <summary>Starts a stream and waits until it flows. What an earlier one has sent is settled, and counts no more.</summary>
    public static async Task<FaultRun> StartAsync(FaultCluster cluster, int eventsPerSecond, int deliveriesBefore)
    {
        cluster.Receiver.AnswersAfter = Quick;
        cluster.Receiver.Forget();
        var before = await cluster.ReadAsync<long>(Ended);
        var run = new FaultRun(cluster, EventStream.Start(cluster.Api.Address, cluster.Tenant.Key, eventsPerSecond), before);
        try
        {
            await run.FlowAsync(deliveriesBefore);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so many more deliveries have arrived.</summary>
    public async Task FlowAsync(int deliveries)
    {
        var end = _cluster.Receiver.Count + deliveries;
        await Eventually.TrueAsync(
            () =>
            {
                _stream.ShouldBeRunning();
                return Task.FromResult(_cluster.Receiver.Count >= end);
            },
            () => $"{deliveries} more deliveries, {end - _cluster.Receiver.Count} are missing\n{Logs()}",
            Deadline);
    }

    /// <summary>Waits until so much time has passed by the store's clock, with everything flowing.</summary>
    public async Task FlowAsync(TimeSpan duration)
    {
        var end = await _cluster.StoreTimeAsync() + duration;
        await Eventually.TrueAsync(
            async () =>
            {
                _stream.ShouldBeRunning();
                return await _cluster.StoreTimeAsync() >= end;
            },
            () => $"{duration} to pass",
            duration + Deadline);
    }

    /// <summary>Waits until so many more events were accepted.</summary>
    public async Task AcceptAsync(int events)
    {
        var end = _stream.Accepted.Count + events;
        await Eventually.TrueAsync(
            () =>
            {
                _stream.ShouldBeRunning();
                return Task.FromResult(_stream.Accepted.Count >= end);
            },
            () => $"{events} more events to be accepted\n{Logs()}",
            Deadline);
    }

    /// <summary>
    /// The fault begins now: from here on its times are taken. The receiver is slow for a moment, or one worker would have the
    /// whole stream, and the fault might hit one that has nothing: now each has sends in flight.
    /// </summary>
    public async Task BeginFaultAsync()
    {
        // An endpoint has at most half of the slots that the others leave free, two have half of them: so all workers are full.
        const int held = FaultCluster.WorkerCount * FaultCluster.WorkerConcurrency / 2;
        _cluster.Receiver.AnswersAfter = Slow;
        await Eventually.TrueAsync(
            () => Task.FromResult(_cluster.Receiver.InFlight >= held),
            () => $"{held} sends in flight, {_cluster.Receiver.InFlight} are");
        _fault = TimeProvider.System.GetTimestamp();
        _cluster.Receiver.AnswersAfter = Quick;
    }

    /// <summary>Lets deliveries of so many events gather while the endpoints are paused.</summary>
    /// <returns>How many of them arrive a second when they are resumed.</returns>
    public async Task<double> DrainAsync(int events)
    {
        await _cluster.PauseAsync(true);
        await AcceptAsync(events);
        await _cluster.PauseAsync(false);
        var resumed = TimeProvider.System.GetTimestamp();
        var deliveries = events * FaultCluster.Paths.Length;
        await FlowAsync(deliveries);
        return deliveries / Since(resumed).TotalSeconds;
    }

    /// <summary>The longest time from a 202 to its arrival, of what arrived within the last so many seconds.</summary>
    public TimeSpan SlowestSince(TimeSpan ago) => _cluster.Receiver.All
        .Select(arrival => (Arrived: arrival.Value.At.Min(), Accepted: _stream.Accepted.GetValueOrDefault(arrival.Key.EventId)))
        .Where(times => times.Accepted != 0 && Since(times.Arrived) < ago)
        .Max(times => TimeProvider.System.GetElapsedTime(times.Accepted, times.Arrived));

    /// <summary>
    /// What processes that have just been killed or frozen had claimed and not settled: once the others have gone on, only
    /// their leases are still of before.
    /// </summary>
    public async Task<int> OrphanedAsync()
    {
        var until = await _cluster.StoreTimeAsync();
        await FlowAsync(1_000);
        return await _cluster.LeasedBeforeAsync(until);
    }

    /// <summary>Goes on until what has been accepted up to now is settled.</summary>
    public async Task RecoverAsync()
    {
        await WaitUntilSettledAsync($"created_at <= '{await _cluster.StoreTimeAsync():O}'");
        _settled = Since(_fault);
    }

    /// <summary>Recovers, unless it has, stops the stream, waits until nothing is left to send, and counts.</summary>
    public async Task<FaultReport> EndAsync(string fault, FaultDeployment deployment, int mostDuplicates)
    {
        if (_settled is null)
            await RecoverAsync();
        // Some more, so that a fault that comes back is seen.
        await FlowAsync(1_000);
        await StopAsync();
        await CheckStoreAsync();
        return Count($"{fault}, {(deployment == FaultDeployment.Postgres ? "PostgreSQL" : "PostgreSQL and Redis")}", mostDuplicates);
    }

    /// <summary>Stops the stream and waits until nothing is left to send.</summary>
    public async Task StopAsync()
    {
        await _stream.StopAsync(Deadline);
        await WaitUntilSettledAsync("true");
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>What the processes have logged since the start of the stream.</summary>
    public string Logs() => string.Join('\n', _cluster.Processes.Select((process, i) =>
        $"{(i == 0 ? "API" : $"worker {i}")}:\n{string.Join('\n', process.Log.Since(_logMarks[i]).TakeLast(30))}"));

    private async Task WaitUntilSettledAsync(string which)
    {
        var left = "?";
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    var unfinished = await _cluster.ReadAsync<long>($"select count(*) from unfinished where {which}");
                    left = $"{unfinished}";
                    return unfinished == 0;
                }
                catch (NpgsqlException)
                {
                    // PostgreSQL is what was killed, and is not there yet.
                    await Task.Delay(Poll, CancellationToken.None);
                    return false;
                }
            },
            () => $"no delivery to be unfinished where {which}, {left} are\n{Logs()}",
            Deadline);
    }

    // Whatever was repeated: one attempt of each delivery counts, the receiver took it, and what came late changed nothing.
    private async Task CheckStoreAsync()
    {
        (await _cluster.FailedAttemptsAsync()).ShouldBeEmpty("every attempt finds a receiver that answers 200");
        (await _cluster.ReadAsync<long>("select count(*) from deliveries where status <> 2")).ShouldBe(0, "not delivered");
        (await _cluster.ReadAsync<long>(
            """
            select count(*)
            from (select d.id from deliveries d left join attempts a on a.delivery = d.id and not a.late group by d.id having count(a.id) <> 1) x
            """)).ShouldBe(0, "deliveries of which not one attempt alone counts");
        (await _cluster.ReadAsync<long>(Ended) - _deliveriesBefore)
            .ShouldBe(_stream.Accepted.Count * FaultCluster.Paths.Length, "deliveries in the store");
    }

    private FaultReport Count(string fault, int mostDuplicates)
    {
        var accepted = _stream.Accepted;
        var arrivals = _cluster.Receiver.All.ToArray();
        var expected = accepted.Keys.SelectMany(id => FaultCluster.Paths.Select(path => (path, id))).ToHashSet();
        var arrived = arrivals.Select(arrival => (arrival.Key.Path, arrival.Key.EventId)).ToHashSet();
        expected.Except(arrived).ShouldBeEmpty("accepted with 202 and never arrived");
        arrived.Except(expected).ShouldBeEmpty("arrived and never accepted");
        arrivals.Length.ShouldBe(arrived.Count, "an event has more than one delivery to an endpoint");

        var late = arrivals
            .Select(arrival => (Arrived: arrival.Value.At.Min(), Accepted: accepted[arrival.Key.EventId]))
            .Where(times => times.Arrived > _fault && TimeProvider.System.GetElapsedTime(times.Accepted, times.Arrived) > Late)
            .Select(times => TimeProvider.System.GetElapsedTime(_fault, times.Arrived))
            .DefaultIfEmpty()
            .Max();
        var report = new FaultReport(
            fault,
            expected.Count,
            arrived.Count,
            arrivals.Sum(arrival => arrival.Value.At.Count - 1),
            mostDuplicates,
            LongestGap(accepted.Values),
            LongestGap(arrivals.SelectMany(arrival => arrival.Value.At)),
            late > _settled ? late : _settled!.Value);
        FaultTable.Add(report);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_stream.Refused} answers were 503, {_stream.Unanswered} did not come");
        report.Duplicates.ShouldBeLessThanOrEqualTo(mostDuplicates, $"more was repeated than was claimed and unsettled\n{Logs()}");
        return report;
    }

    private TimeSpan LongestGap(IEnumerable<long> timestamps)
    {
        var (last, longest) = (_fault, TimeSpan.Zero);
        foreach (var timestamp in timestamps.Where(timestamp => timestamp > _fault).Order())
        {
            var gap = TimeProvider.System.GetElapsedTime(last, timestamp);
            longest = gap > longest ? gap : longest;
            last = timestamp;
        }

        return longest;
    }

    private static TimeSpan Since(long timestamp) => TimeProvider.System.GetElapsedTime(timestamp);
}
