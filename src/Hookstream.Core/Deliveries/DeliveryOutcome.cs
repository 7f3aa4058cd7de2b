namespace Hookstream.Core.Deliveries;

/// <summary>What came of a replay or a cancel, and the delivery as it is now (null when not found).</summary>
public readonly record struct DeliveryOutcome(ReplayOutcome Outcome, Delivery? Delivery);
