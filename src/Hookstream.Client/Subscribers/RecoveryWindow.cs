namespace Hookstream.Client.Subscribers;

/// <summary>Of which events a recovery is; what is null takes the server's default.</summary>
internal sealed record RecoveryWindow(DateTimeOffset Since, DateTimeOffset? Until);
