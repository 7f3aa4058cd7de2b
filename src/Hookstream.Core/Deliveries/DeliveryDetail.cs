namespace Hookstream.Core.Deliveries;

/// <summary>A delivery with its attempts, oldest first.</summary>
public sealed record DeliveryDetail(Delivery Delivery, IReadOnlyList<Attempt> Attempts);
