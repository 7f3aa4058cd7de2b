namespace Hookstream.Benchmarks.Ceilings;

internal sealed record AcceptedEvent(string Id, string Type, byte[] Payload);
