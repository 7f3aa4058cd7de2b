namespace Hookstream.Core.Subscribers;

/// <summary>An endpoint whose challenge is due.</summary>
/// <param name="Endpoint">Where to send it.</param>
/// <param name="Failures">How many challenges have failed since it was registered or its URL changed.</param>
/// <param name="Since">When it was registered or its URL changed, UTC.</param>
public sealed record DueChallenge(EndpointSnapshot Endpoint, int Failures, DateTimeOffset Since);
