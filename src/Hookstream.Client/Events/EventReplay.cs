namespace Hookstream.Client.Events;

internal sealed record EventReplay(string? SubscriberId);
