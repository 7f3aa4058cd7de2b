namespace Hookstream.Core.Deliveries;

/// <summary>Why a delivery is not delivered.</summary>
/// <param name="Code">
/// An <see cref="AttemptOutcome"/> as the API writes it (<c>http_status</c>, <c>timeout</c> …), or <c>expired</c>,
/// <c>gone</c>, <c>cancelled</c>, <c>subscriber_deleted</c>, <c>subscriber_disabled</c>.
/// </param>
/// <param name="Message">For people.</param>
public sealed record DeliveryError(string Code, string Message);
