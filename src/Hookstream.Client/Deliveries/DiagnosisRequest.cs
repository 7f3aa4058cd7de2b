namespace Hookstream.Client.Deliveries;

internal sealed record DiagnosisRequest(string SubscriberId, int? Limit);
