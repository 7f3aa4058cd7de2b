namespace Hookstream.EndToEnd.Tests.Api;

internal sealed record PostedEvent(string Id, int EnqueuedCount, bool Duplicate);
