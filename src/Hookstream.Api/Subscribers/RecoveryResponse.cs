namespace Hookstream.Api.Subscribers;

/// <summary>What a recovery has taken on.</summary>
/// <param name="Count">How many deliveries will be sent.</param>
internal sealed record RecoveryResponse(long Count);
