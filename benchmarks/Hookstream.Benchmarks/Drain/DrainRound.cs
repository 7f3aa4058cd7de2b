using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.Drain;

internal sealed record DrainRound(ReceiverCounts Received, TimeSpan ResumeToFirst);
