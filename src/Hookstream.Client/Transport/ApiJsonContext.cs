using System.Text.Json.Serialization;
using Hookstream.Client.Deliveries;
using Hookstream.Client.Encryption;
using Hookstream.Client.Events;
using Hookstream.Client.Health;
using Hookstream.Client.Keys;
using Hookstream.Client.Subscribers;
using Hookstream.Client.Tenants;

namespace Hookstream.Client.Transport;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 128)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(PageMeta))]
[JsonSerializable(typeof(EventReceipt))]
[JsonSerializable(typeof(BatchReceipt))]
[JsonSerializable(typeof(HookstreamEvent))]
[JsonSerializable(typeof(List<HookstreamEvent>))]
[JsonSerializable(typeof(EventReplay))]
[JsonSerializable(typeof(EventReplayReceipt))]
[JsonSerializable(typeof(Subscriber))]
[JsonSerializable(typeof(List<Subscriber>))]
[JsonSerializable(typeof(NewSubscriber))]
[JsonSerializable(typeof(CreatedSubscriber))]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(NewSecret))]
[JsonSerializable(typeof(SecretRotation))]
[JsonSerializable(typeof(RecoveryWindow))]
[JsonSerializable(typeof(RecoveryReceipt))]
[JsonSerializable(typeof(Attempt))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(List<Delivery>))]
[JsonSerializable(typeof(BulkReplay))]
[JsonSerializable(typeof(BulkReplayReceipt))]
[JsonSerializable(typeof(DiagnosisRequest))]
[JsonSerializable(typeof(Diagnosis))]
[JsonSerializable(typeof(Statistics.Statistics))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(List<ApiKey>))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(CreatedApiKey))]
[JsonSerializable(typeof(Tenant))]
[JsonSerializable(typeof(List<Tenant>))]
[JsonSerializable(typeof(NewTenant))]
[JsonSerializable(typeof(Reencryption))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
