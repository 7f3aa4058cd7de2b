namespace Hookstream.Delivery.Sending;

/// <summary>What came of one request.</summary>
/// <param name="Attempt">To be recorded.</param>
/// <param name="RetryAfter">What a 429 or 503 asked for.</param>
/// <param name="Body">As much of the response's body as was asked for; the attempt may hold less of it.</param>
internal readonly record struct SendResult(Attempt Attempt, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body);
