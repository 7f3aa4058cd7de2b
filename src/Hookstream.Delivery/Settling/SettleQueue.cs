using System.Threading.Channels;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Statistics;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Settling;

/// <summary>
/// Records outcomes in batches: each takes whatever has gathered while the previous one was recorded. How much can gather
/// is bounded by the claims on the books.
/// </summary>
internal sealed class SettleQueue(
    IDeliveryStore store,
    ClaimLedger ledger,
    SettleMetrics metrics,
    StatisticsCollector statistics,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<SettleQueue> logger)
{
    private const int MaxBatch = 1024;

    // Under load a few outcomes wait for those that come within moments, so that they share a transaction. Nobody waits for
    // them: the slots are free already.
    private const int FewOutcomes = 64;
    private const int ManyInFlight = 16;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private readonly Channel<(Claim Claim, Settlement Settlement)> _outcomes =
        Channel.CreateUnbounded<(Claim, Settlement)>(new UnboundedChannelOptions { SingleReader = true });

    private Task _counting = Task.CompletedTask;

    /// <summary>Queues an outcome.</summary>
    public void Add(Claim claim, Settlement settlement) => _outcomes.Writer.TryWrite((claim, settlement));

    /// <summary>Lets <see cref="RunAsync"/> end once everything queued is recorded.</summary>
    public void Complete() => _outcomes.Writer.TryComplete();

    /// <summary>Records outcomes until <see cref="Complete"/>.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await _outcomes.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            // New lists each time: the store may still hold the last one, and they are still being counted.
            var batch = new List<Settlement>();
            var claims = new List<Claim>();
            Take(batch, claims);
            if (batch.Count < FewOutcomes && ledger.InFlight >= ManyInFlight)
            {
                await GatherAsync(cancellation).ConfigureAwait(false);
                Take(batch, claims);
            }

            await SettleAsync(claims, batch, cancellation).ConfigureAwait(false);
            foreach (var claim in claims)
                ledger.Close(claim);
        }

        await EndCountingAsync().ConfigureAwait(false);
    }

    private void Take(List<Settlement> batch, List<Claim> claims)
    {
        while (batch.Count < MaxBatch && _outcomes.Reader.TryRead(out var outcome))
        {
            claims.Add(outcome.Claim);
            var isFresh = time.GetElapsedTime(outcome.Claim.HeldSince) < options.LeaseDuration / 2;
            batch.Add(isFresh ? outcome.Settlement with { LeaseIsFresh = true } : outcome.Settlement);
        }
    }

    // By the machine's clock, whoever owns the time: it is about how busy the processors are.
    private static Task GatherAsync(CancellationToken cancellation) => Task.Delay(Gathering, cancellation);

    private async Task SettleAsync(List<Claim> claims, List<Settlement> batch, CancellationToken cancellation)
    {
        var backoff = FirstBackoff;
        var stalledSince = 0L;
        while (true)
        {
            var began = time.GetTimestamp();
            try
            {
                var lost = await store.SettleAsync(batch, cancellation).ConfigureAwait(false);
                await CountAsync(Without(lost, claims), Without(lost, batch), time.GetElapsedTime(began)).ConfigureAwait(false);
                if (stalledSince != 0)
                    logger.SettlingResumed(time.GetElapsedTime(stalledSince).TotalSeconds);
                return;
            }
            catch (StoreUnavailableException exception)
            {
                // Said once per outage: the attempts come every few seconds for as long as it lasts.
                if (stalledSince == 0)
                {
                    stalledSince = time.GetTimestamp();
                    logger.SettlingStalled(batch.Count, exception);
                }

                await Task.Delay(backoff, time, cancellation).ConfigureAwait(false);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && batch.Count > 1)
            {
                logger.BatchFailed(batch.Count, exception);
                for (var i = 0; i < batch.Count; i++)
                    await SettleAsync([claims[i]], [batch[i]], cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                // Its lease runs out and it is sent again; holding up all the others would not save it.
                logger.OutcomeLost(batch[0].Lease.Delivery, exception);
                return;
            }
        }
    }

    // What is in no store is in no figure.
    private static List<T> Without<T>(IReadOnlyList<int> lost, List<T> all) =>
        lost.Count == 0 ? all : [.. all.Where((_, place) => !lost.Contains(place))];

    // Beside the next batch, which would wait for it: one after the other all the same.
    private async Task CountAsync(List<Claim> claims, List<Settlement> batch, TimeSpan took)
    {
        await EndCountingAsync().ConfigureAwait(false);
        _counting = Task.Run(
            () =>
            {
                statistics.Recorded(claims, batch);
                return metrics.RecordedAsync(claims, batch, took).AsTask();
            },
            CancellationToken.None);
    }

    private async Task EndCountingAsync()
    {
        await _counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_counting.Exception is { } failure)
            logger.NotCounted(failure);
    }
}
