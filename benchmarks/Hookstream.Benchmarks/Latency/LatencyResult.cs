using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Latency;

/// <summary>Milliseconds of one round.</summary>
/// <param name="FromPost">From just before the POST is written to the request at the receiver: the headline.</param>
/// <param name="FromAccepted">From the arrival of the 202; below zero where the delivery came first.</param>
/// <param name="Answer">From the POST to its 202.</param>
/// <param name="DriverLag">How late the driver sent, behind its own schedule.</param>
internal sealed record LatencyResult(
    Percentiles FromPost,
    Percentiles FromAccepted,
    Percentiles Answer,
    Percentiles DriverLag);
