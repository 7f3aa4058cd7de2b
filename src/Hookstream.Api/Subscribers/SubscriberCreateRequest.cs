namespace Hookstream.Api.Subscribers;

/// <summary>What may be written of a subscriber when it is made; url and events are required.</summary>
internal sealed record SubscriberCreateRequest : SubscriberPatchRequest
{
    public new static readonly string[] FieldNames = [.. SubscriberPatchRequest.FieldNames, "secret"];

    /// <summary>
    /// The signing secret: standard base64 of 24 to 64 bytes, with or without the prefix whsec_. Generated when left out.
    /// </summary>
    public string? Secret { get; init; }
}
