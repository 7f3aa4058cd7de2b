namespace Hookstream.Benchmarks.Latency;

/// <summary>One event of the paced driver; times by the machine's monotonic clock.</summary>
internal readonly record struct PacedEvent(string EventId, long Due, long Posted, long Accepted);
