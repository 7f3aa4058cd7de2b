namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>What came of the requests to a hostile receiver.</summary>
/// <param name="Attempts">The attempts, in order.</param>
/// <param name="Longest">How long the longest of them took.</param>
/// <param name="Connections">Connections that were made.</param>
/// <param name="Requests">The heads of the requests that the receiver read whole.</param>
/// <param name="Written">Bytes that the receiver got rid of.</param>
internal sealed record HostileResult(
    IReadOnlyList<Attempt> Attempts, TimeSpan Longest, int Connections, IReadOnlyList<string> Requests, long Written);
