namespace Hookstream.Api.Deliveries;

/// <summary>Why a delivery is not delivered.</summary>
/// <param name="Code">An attempt's outcome, or expired, gone, cancelled, subscriber_deleted, subscriber_disabled.</param>
/// <param name="Message">For people.</param>
internal sealed record DeliveryErrorResponse(string Code, string Message);
