using System.Text;
using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Receivers;

/// <summary>A request as it arrived.</summary>
internal sealed record ReceivedRequest(
    string Method, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Body);

    public string EventId => Header("webhook-id");

    public string DeliveryId => Header("X-Hookstream-Delivery");

    public int Attempt => int.Parse(Header("X-Hookstream-Attempt"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The bytes of the envelope's <c>data</c>.</summary>
    public byte[] Data => Encoding.UTF8.GetBytes(Json.GetProperty("data").GetRawText());

    public string Header(string name) =>
        Headers.TryGetValue(name, out var value)
            ? value
            : throw new ShouldAssertException($"the request has no header {name}; it has {string.Join(", ", Headers.Keys)}");
}
