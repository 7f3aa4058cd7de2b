namespace Hookstream.Benchmarks.Receiver;

/// <summary>A request at the receiver, by the machine's monotonic clock, which all processes share.</summary>
internal readonly record struct Receipt(string EventId, long Timestamp);
