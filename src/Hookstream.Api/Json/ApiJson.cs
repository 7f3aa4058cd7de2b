using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hookstream.Api.Deliveries;
using Hookstream.Api.Diagnoses;
using Hookstream.Api.Encryption;
using Hookstream.Api.Events;
using Hookstream.Api.Health;
using Hookstream.Api.Keys;
using Hookstream.Api.Problems;
using Hookstream.Api.Statistics;
using Hookstream.Api.Subscribers;
using Hookstream.Api.Tenants;

namespace Hookstream.Api.Json;

/// <summary>Serialisers of everything that the API answers, and descriptions of what it reads, made at compile time.</summary>
[JsonSerializable(typeof(ListEnvelope<EventSummary>))]
[JsonSerializable(typeof(Envelope<EventResponse>))]
[JsonSerializable(typeof(Envelope<AcceptedEventResponse>))]
[JsonSerializable(typeof(Envelope<BatchResponse>))]
[JsonSerializable(typeof(ListEnvelope<DeliverySummary>))]
[JsonSerializable(typeof(Envelope<DeliverySummary>))]
[JsonSerializable(typeof(Envelope<DeliveryResponse>))]
[JsonSerializable(typeof(Envelope<BulkReplayResponse>))]
[JsonSerializable(typeof(Envelope<DiagnosisResponse>))]
[JsonSerializable(typeof(Envelope<StatisticsResponse>))]
[JsonSerializable(typeof(ListEnvelope<SubscriberResponse>))]
[JsonSerializable(typeof(Envelope<SubscriberResponse>))]
[JsonSerializable(typeof(Envelope<VerificationResponse>))]
[JsonSerializable(typeof(Envelope<SecretRotationResponse>))]
[JsonSerializable(typeof(Envelope<RecoveryResponse>))]
[JsonSerializable(typeof(Envelope<AttemptResponse>))]
[JsonSerializable(typeof(ListEnvelope<KeyResponse>))]
[JsonSerializable(typeof(Envelope<KeyResponse>))]
[JsonSerializable(typeof(ListEnvelope<TenantResponse>))]
[JsonSerializable(typeof(Envelope<TenantResponse>))]
[JsonSerializable(typeof(Envelope<ReencryptionResponse>))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(LivenessResponse))]
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(EventRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(EventReplayRequest))]
[JsonSerializable(typeof(BulkReplayRequest))]
[JsonSerializable(typeof(DiagnosisRequest))]
[JsonSerializable(typeof(SubscriberCreateRequest))]
[JsonSerializable(typeof(SubscriberPatchRequest))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(SecretRotationRequest))]
[JsonSerializable(typeof(RecoveryRequest))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(TenantCreateRequest))]
[JsonSerializable(typeof(TenantPatchRequest))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    // The answers are JSON and never part of a page: escaping '+' and the like would only spoil secrets for who reads them.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder };

    /// <summary>The one that is used: snake case, UTC times, and null fields are present.</summary>
    public static readonly ApiJson Shared = new(Configure(new JsonSerializerOptions()));

    /// <summary>Makes options write as the API does.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = Encoder;
        // Numbers are not read from strings, and the OpenAPI document should not say so.
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new UtcTimeConverter());
        return options;
    }
}
