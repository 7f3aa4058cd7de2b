using System.Collections.Frozen;
using Hookstream.Core.Circuits;
using Hookstream.Core.OperationalEvents;
using Hookstream.Storage.Postgres.Circuits;
using Hookstream.Storage.Postgres.Events;
using Hookstream.Storage.Postgres.OperationalEvents;
using Hookstream.Storage.Postgres.Queueing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>Records outcomes in one transaction, then tells the queue. What one outcome breaks fails that outcome alone.</summary>
internal sealed class SettleTransaction(
    Sessions sessions,
    PartitionSet partitions,
    ClaimedRows claimedRows,
    SettlePublisher publisher,
    OperationalEventWriter operational,
    IQueueMirror? mirror,
    CircuitOptions circuits,
    StoreClock clock,
    ILogger logger)
{
    private const int MaxTries = 5;

    public async Task<IReadOnlyList<int>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        if (mirror is null)
        {
            foreach (var settlement in settlements)
                claimedRows.Forget(settlement.Lease);
        }

        try
        {
            await RecordAsync(settlements, cancellation);
            return [];
        }
        catch (Exception exception) when (IsAway(exception))
        {
            throw exception as StoreUnavailableException ?? PostgresFailure.ToUnavailable(exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (settlements.Count > 1)
                Log.SettleFailed(logger, exception, settlements.Count);
            return await RecordOneByOneAsync(settlements, cancellation);
        }
    }

    // One outcome that cannot be recorded must not keep the others; its lease runs out, so that it is tried again, slowly.
    private async Task<IReadOnlyList<int>> RecordOneByOneAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        var lost = new List<int>();
        for (var i = 0; i < settlements.Count; i++)
        {
            try
            {
                await RecordAsync([settlements[i]], cancellation);
            }
            catch (Exception exception) when (IsAway(exception))
            {
                throw exception as StoreUnavailableException ?? PostgresFailure.ToUnavailable(exception);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SettlementFailed(logger, exception, settlements[i].Lease.Delivery);
                lost.Add(i);
            }
        }

        return lost;
    }

    private async Task RecordAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        var late = await FindLateAsync(settlements, cancellation);
        var again = false;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var (settled, changed, told) = await WriteAsync(settlements, late, again, cancellation);
                // First, since the other may fail and be tried again, when nothing is told any more.
                await operational.PublishAsync(told);
                await publisher.PublishAsync(settlements, settled, changed, cancellation);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation && !again)
            {
                // These very attempts are there: they were recorded, and only the answer was lost.
                again = true;
            }
            catch (Exception exception) when (PostgresFailure.IsTransient(exception) && tries < MaxTries)
            {
                Log.TriedAgain(logger, exception.Message);
            }
            catch (Exception exception) when (PostgresFailure.IsNoPartition(exception) && tries == 1)
            {
                await partitions.EnsureForAsync(settlements.Select(settlement => settlement.Lease.Delivery.Value), cancellation);
                await partitions.EnsureAsync(clock.GetUtcNow(), cancellation);
            }
        }
    }

    // Leases that a queue apart from the store has given to others by now, and outcomes of a claim that has one already.
    private async ValueTask<IReadOnlySet<int>> FindLateAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        var old = mirror is null
            ? []
            : settlements.Where(settlement => !settlement.LeaseIsFresh).Select(settlement => settlement.Lease).ToList();
        var lost = old.Count == 0 ? [] : (await mirror!.FindLostAsync(old, cancellation)).ToHashSet();
        var seen = new HashSet<(DeliveryId, long)>(settlements.Count);
        HashSet<int>? late = null;
        for (var i = 0; i < settlements.Count; i++)
        {
            var lease = settlements[i].Lease;
            if (lost.Contains(lease) || !seen.Add((lease.Delivery, lease.Version)))
                (late ??= []).Add(i);
        }

        return late ?? (IReadOnlySet<int>)FrozenSet<int>.Empty;
    }

    private async Task<(List<SettledDelivery> Settled, List<ChangedCircuit> Circuits, AppendWrite? Told)> WriteAsync(
        IReadOnlyList<Settlement> settlements, IReadOnlySet<int> late, bool again, CancellationToken cancellation)
    {
        await using var connection = await sessions.Hot.OpenConnectionAsync(cancellation);
        // What may have been recorded before is not counted twice. Where a lease may be lost, which of these are late is known afterwards.
        var counted = !again && !settlements.Any(MayBeLate);
        if ((counted || again) && !settlements.Any(settlement => ChangesGate(settlement) || operational.MayTell(settlement)))
        {
            var (plain, circuitsAlone) = await SettleAsync(connection, settlements, late, again, counted, cancellation);
            return (plain, circuitsAlone, null);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (settled, circuitsChanged) = await SettleAsync(connection, settlements, late, again, counted, cancellation);
        if (!counted && !again)
            circuitsChanged = await CountAsync(connection, settlements, settled, cancellation);
        var changes = settled.Select(moved => settlements[moved.Position]).Where(ChangesGate).ToList();
        var disabled = await ChangeGatesAsync(connection, changes, cancellation);
        var deadLettered = settled
            .Where(moved => moved.Status == DeliveryStatus.DeadLetter && operational.MayTell(settlements[moved.Position]))
            .Select(moved => settlements[moved.Position].Lease.Delivery)
            .ToList();
        var told = await operational.WriteAsync(
            connection,
            [
                .. await operational.OfDeadLettersAsync(connection, deadLettered, cancellation),
                .. disabled.SelectMany(one => operational.OfEndpoint(
                    one.Lease.Tenant, OperationalEvent.EndpointDisabled(one.Lease.Subscriber, one.DisableEndpointReason!))),
                .. circuitsChanged.SelectMany(circuit => operational.OfCircuit(
                    settlements.First(settlement => settlement.Lease.Subscriber == circuit.Subscriber).Lease.Tenant,
                    circuit.Subscriber,
                    circuit.OpenedBefore,
                    circuit.After)),
            ]);
        await transaction.CommitAsync(cancellation);
        return (settled, circuitsChanged, told);
    }

    // Answers one outcome for each endpoint that was disabled by it, and was not before.
    private async Task<IEnumerable<Settlement>> ChangeGatesAsync(
        NpgsqlConnection connection, List<Settlement> changes, CancellationToken cancellation)
    {
        if (changes.Count == 0)
            return [];
        await using var batch = new NpgsqlBatch(connection);
        changes.ForEach(settlement => SettleStatements.AddGateChanges(batch, settlement, clock));
        cancellation.ThrowIfCancellationRequested();
        await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
        var disabled = new List<SubscriberId>();
        do
            disabled.AddRange(await rows.ReadAllAsync(row => new SubscriberId(row.GetGuid(0))));
        while (await rows.NextResultAsync(CancellationToken.None));
        return disabled.Select(id =>
            changes.First(settlement => settlement.Lease.Subscriber == id && settlement.DisableEndpointReason is not null));
    }

    private async Task<(List<SettledDelivery> Settled, List<ChangedCircuit> Circuits)> SettleAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Settlement> settlements,
        IReadOnlySet<int> late,
        bool again,
        bool counted,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var statements = SettleStatements.AddTo(batch, settlements, late, again, mirror is not null, clock);
        var more = counted ? CircuitStatements.AddTo(batch, settlements, late, circuits, clock) : 0;
        cancellation.ThrowIfCancellationRequested();
        await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
        var settled = await rows.ReadAllAsync(SettledDelivery.Read);
        for (; statements > 1; statements--)
        {
            await rows.NextResultAsync(CancellationToken.None);
            settled.AddRange(await rows.ReadAllAsync(SettledDelivery.Read));
        }

        var changed = new List<ChangedCircuit>();
        for (; more > 0; more--)
        {
            await rows.NextResultAsync(CancellationToken.None);
            changed.AddRange(await rows.ReadAllAsync(ChangedCircuit.Read));
        }

        return (settled, changed);
    }

    // What changed nothing else changes no circuit.
    private async Task<List<ChangedCircuit>> CountAsync(
        NpgsqlConnection connection, IReadOnlyList<Settlement> settlements, List<SettledDelivery> settled, CancellationToken cancellation)
    {
        var late = Enumerable.Range(0, settlements.Count).Except(settled.Select(moved => moved.Position)).ToHashSet();
        await using var batch = new NpgsqlBatch(connection);
        var statements = CircuitStatements.AddTo(batch, settlements, late, circuits, clock);
        var changed = new List<ChangedCircuit>();
        if (batch.BatchCommands.Count == 0)
            return changed;
        cancellation.ThrowIfCancellationRequested();
        await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
        for (; statements > 0; statements--)
        {
            changed.AddRange(await rows.ReadAllAsync(ChangedCircuit.Read));
            await rows.NextResultAsync(CancellationToken.None);
        }

        return changed;
    }

    private static bool MayBeLate(Settlement settlement) => !settlement.LeaseIsFresh && settlement.MayChangeCircuit;

    internal static bool ChangesGate(Settlement settlement) =>
        settlement.DisableEndpointReason is not null || settlement.BlockEndpointFor is not null;

    private static bool IsAway(Exception exception) =>
        exception is StoreUnavailableException
        || (exception is not OperationCanceledException && PostgresFailure.IsAway(exception));
}
