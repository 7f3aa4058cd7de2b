using System.Collections.Concurrent;

namespace Hookstream.Benchmarks.Receiver;

/// <summary>What has been received since the last reset.</summary>
internal sealed class ReceiptTally(bool recording)
{
    private readonly ConcurrentQueue<Receipt> _receipts = new();
    private long _count;
    private long _first;
    private long _last;

    public ReceiverCounts Counts => new(
        Interlocked.Read(ref _count),
        Interlocked.Read(ref _first),
        Interlocked.Read(ref _last));

    public IEnumerable<Receipt> Receipts => _receipts;

    public void Add(string eventId, long timestamp)
    {
        if (Interlocked.Increment(ref _count) == 1)
            Interlocked.Exchange(ref _first, timestamp);
        Interlocked.Exchange(ref _last, timestamp);
        if (recording)
            _receipts.Enqueue(new Receipt(eventId, timestamp));
    }
}
