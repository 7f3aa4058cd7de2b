using System.Globalization;
using System.Net;
using Hookstream.Core.Signing;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Signing;

namespace Hookstream.Delivery.Sending;

/// <summary>A signed request, and its headers as the attempt records them.</summary>
/// <param name="Http">The request; its owner disposes it.</param>
/// <param name="Headers">A JSON object of strings.</param>
internal readonly record struct WebhookRequest(HttpRequestMessage Http, byte[] Headers)
{
    /// <summary>Builds and signs.</summary>
    public static WebhookRequest Of(WebhookMessage message, string userAgent, DateTimeOffset now)
    {
        var id = message.EventText;
        var timestamp = WebhookSignature.FormatTimestamp(now.ToUnixTimeSeconds());
        var content = Envelope.Build(message, id, timestamp);
        var http = new HttpRequestMessage(HttpMethod.Post, message.Endpoint.Subscriber.Settings.Url)
        {
            Content = content,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var signatures = MessageSignatures.Of(message.Endpoint.Secrets, now, content.Body, content.Signed);

        var json = new HeaderJson(int.MaxValue);
        json.Add("Content-Type", "application/json");
        Add(http, ref json, "User-Agent", userAgent);
        Add(http, ref json, "X-Hookstream-Event", message.Type.Value);
        Add(http, ref json, "X-Hookstream-Delivery", message.DeliveryText);
        Add(http, ref json, "X-Hookstream-Attempt", message.Number.ToString(CultureInfo.InvariantCulture));
        Add(http, ref json, "X-Hookstream-Signature", signatures.Body);
        if (signatures.NextBody is { } next)
            Add(http, ref json, "X-Hookstream-Signature-Next", next);
        Add(http, ref json, "webhook-id", id);
        Add(http, ref json, "webhook-timestamp", timestamp);
        Add(http, ref json, "webhook-signature", signatures.Standard);
        if (message.Trace is { } trace)
        {
            AddBesideBody(content, ref json, TraceContext.ParentHeader, trace.Parent);
            if (trace.State is { } state)
                AddBesideBody(content, ref json, TraceContext.StateHeader, state);
        }

        foreach (var (name, value) in message.Endpoint.Subscriber.Settings.Headers.All)
            AddRedacted(http, ref json, name, value);
        return new WebhookRequest(http, json.Finish());
    }

    private static void Add(HttpRequestMessage http, ref HeaderJson json, string name, string value)
    {
        http.Headers.TryAddWithoutValidation(name, value);
        json.Add(name, value);
    }

    // The framework has room for eight in the one list and for four in the other; a ninth would make it copy all of them.
    private static void AddBesideBody(MessageContent content, ref HeaderJson json, string name, string value)
    {
        content.Headers.TryAddWithoutValidation(name, value);
        json.Add(name, value);
    }

    private static void AddRedacted(HttpRequestMessage http, ref HeaderJson json, string name, string value)
    {
        // A few names belong to a body for the framework (Allow, Expires, Last-Modified); on the wire it makes no difference.
        if (!http.Headers.TryAddWithoutValidation(name, value))
            http.Content!.Headers.TryAddWithoutValidation(name, value);
        json.Add(name, CustomHeaders.Redacted);
    }
}
